import { Page } from "../ui/common";

export function SettingsScreen() {
  return <Page title="Settings">{null}</Page>;
}
