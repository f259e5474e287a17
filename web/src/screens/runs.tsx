import { Page } from "../ui/common";

export function RunsScreen() {
  return <Page title="Runs">{null}</Page>;
}
