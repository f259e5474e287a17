import { Page } from "../ui/common";

export function RunScreen({ id }: { id: string }) {
  return <Page title={id}>{null}</Page>;
}
