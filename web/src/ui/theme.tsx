// Light, dark, or as the system says; this browser remembers.

import { useEffect } from "preact/hooks";
import { useKept } from "../lib/load";

const CHOICES = ["auto", "light", "dark"] as const;

export function Theme() {
  const [theme, setTheme] = useKept<(typeof CHOICES)[number]>("theme", "auto");
  useEffect(() => {
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [theme]);
  return (
    <div class="tabs small" role="group" aria-label="Colours">
      {CHOICES.map((name) => <button key={name} type="button" aria-pressed={theme === name} onClick={() => setTheme(() => name)}>{name}</button>)}
    </div>
  );
}
