"""The colours of every page: an accent for light and one for dark -> the style sheet that sets them.

Contrast is that of WCAG 2.2 (1.4.3). An accent is read as text on the page, on its surfaces and on its tint, and white or dark
text is read on it: `accent_problem` says where one of these falls below 4.5:1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import NamedTuple

LEAST_CONTRAST = 4.5
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_SHEET = Path(__file__).parent / "static" / "colours.css"
# How much of the accent is in the tint behind what was asked, and how far what is pointed at goes towards black or white.
_TINT, _STRONG = 0.1, 0.3


class Rgb(NamedTuple):
    """0 to 255 each."""

    red: int
    green: int
    blue: int

    @property
    def hex(self) -> str:
        """As CSS writes it."""
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"

    def mixed(self, other: Rgb, share: float) -> Rgb:
        """This colour with `share` of it made of `other`."""
        return Rgb(*(round(a + (b - a) * share) for a, b in zip(self, other, strict=True)))

    @property
    def luminance(self) -> float:
        """Relative luminance, 0 (black) to 1 (white)."""
        red, green, blue = map(_linear, self)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """What an accent stands on, and the text that stands on it; the same values as in `static/colours.css`."""

    name: str
    page: Rgb
    surface: Rgb
    on_accent: Rgb
    far: Rgb

    def tint(self, accent: Rgb) -> Rgb:
        """The surface with a little of the accent."""
        return self.surface.mixed(accent, _TINT)

    def strong(self, accent: Rgb) -> Rgb:
        """The accent where it is pointed at: away from what it stands on, so its contrast only grows."""
        return accent.mixed(self.far, _STRONG)


def parse_hex(text: str) -> Rgb:
    """`#rrggbb` and nothing else. Raises ValueError."""
    if not _HEX.fullmatch(text):
        raise ValueError(f"{text!r} is no colour: expected # and six hexadecimal digits, such as #1d4f73")
    return Rgb(*(int(text[place : place + 2], 16) for place in (1, 3, 5)))


LIGHT = Scheme(
    name="light",
    page=parse_hex("#f7f7f5"),
    surface=parse_hex("#ffffff"),
    on_accent=parse_hex("#ffffff"),
    far=parse_hex("#000000"),
)
DARK = Scheme(
    name="dark",
    page=parse_hex("#14181c"),
    surface=parse_hex("#1c2227"),
    on_accent=parse_hex("#10202c"),
    far=parse_hex("#ffffff"),
)


def contrast(one: Rgb, other: Rgb) -> float:
    """1 (the same) to 21 (black and white)."""
    lighter, darker = sorted((one.luminance, other.luminance), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def accent_problem(accent: Rgb, scheme: Scheme) -> str | None:
    """Why the accent cannot be read in that scheme, None when it can."""
    beside = {
        "the page": scheme.page,
        "a surface": scheme.surface,
        "its own tint": scheme.tint(accent),
        "the text on it": scheme.on_accent,
    }
    ratio, name, colour = min((contrast(accent, colour), name, colour) for name, colour in beside.items())
    if ratio >= LEAST_CONTRAST:
        return None
    change = "darker" if scheme is LIGHT else "lighter"
    return (
        f"{accent.hex} has a contrast of {ratio:.2f}:1 with {name} ({colour.hex}) on {scheme.name} pages, "
        f"at least {LEAST_CONTRAST}:1 is needed (take a {change} one)"
    )


def style_sheet(light: Rgb, dark: Rgb) -> str:
    """The custom properties that all our style sheets draw with."""
    words = {
        f"{scheme.name}_{name}": colour.hex
        for scheme, accent in ((LIGHT, light), (DARK, dark))
        for name, colour in (
            ("page", scheme.page),
            ("surface", scheme.surface),
            ("on_accent", scheme.on_accent),
            ("accent", accent),
            ("tint", scheme.tint(accent)),
            ("strong", scheme.strong(accent)),
        )
    }
    return Template(_SHEET.read_text(encoding="utf-8")).substitute(words)


def _linear(channel: int) -> float:
    share = channel / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
