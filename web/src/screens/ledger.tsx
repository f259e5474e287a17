import { Page } from "../ui/common";

export function LedgerScreen() {
  return <Page title="Ledger">{null}</Page>;
}
