"""The colours: few, each with one meaning, legible on their ground in light and in dark (WCAG 2.2 AA)."""

from __future__ import annotations

LIGHT: dict[str, str] = {
    "ground": "#ffffff",
    "raised": "#f6f7f9",
    "ink": "#16191d",
    "soft": "#565f6b",
    "line": "#dde1e6",
    "rule": "#7b8491",
    "good": "#17713f",
    "good-ground": "#e9f5ee",
    "bad": "#b3261e",
    "bad-ground": "#fcefee",
    "unsure": "#7d5700",
    "unsure-ground": "#fcf5e3",
    "muted": "#565f6b",
    "muted-ground": "#f1f3f5",
    "info": "#1f5a9e",
    "info-ground": "#edf4fb",
}

DARK: dict[str, str] = {
    "ground": "#14171b",
    "raised": "#1c2026",
    "ink": "#e7eaee",
    "soft": "#a3adb9",
    "line": "#2e343c",
    "rule": "#7f8996",
    "good": "#67c990",
    "good-ground": "#16281e",
    "bad": "#ff9187",
    "bad-ground": "#331a18",
    "unsure": "#e6b94e",
    "unsure-ground": "#2c2412",
    "muted": "#a3adb9",
    "muted-ground": "#20252b",
    "info": "#83b7f0",
    "info-ground": "#16243a",
}


def variables(palette: dict[str, str]) -> str:
    """The palette as CSS custom properties."""
    return "".join(f"--{name}:{colour};" for name, colour in palette.items())


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, definition of contrast ratio).

    >>> round(contrast("#000000", "#ffffff"), 1)
    21.0
    """
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
