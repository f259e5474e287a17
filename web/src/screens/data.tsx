import { Page } from "../ui/common";

export function DataScreen() {
  return <Page title="Data">{null}</Page>;
}
