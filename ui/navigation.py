"""What is the same at the foot and head of every page: the ways between pages, the logo. Pure.

`root` leads from the page's address to the chat's: "" or "../".
"""

from __future__ import annotations

from html import escape

from ui import texts_plain as texts
from ui import texts_widget
from ui.escaping import unseen
from ui.site import Site
from ui.typography import french

# The state of conformity stands on every page, as French law has it.
PAGES = (
    ("./", texts.TO_CHAT),
    ("q", texts.TO_PLAIN),
    ("publications", texts.TO_PUBLICATIONS),
    ("a-propos", texts.TO_ABOUT),
    ("a-propos#donnees", texts.TO_DATA),
    ("a-propos#mentions", texts.TO_LEGAL),
    ("a-propos#accessibilite", texts.TO_ACCESSIBILITY),
)


def navigation(current: str | None = None, *, root: str = "") -> str:
    """Links to the pages of the service; `current` is the address, as in PAGES, of the page that they stand on."""
    items = "".join(
        f'<li><a href="{root}{address}"{_current(address == current)}>{escape(french(name))}</a></li>'
        for address, name in PAGES
    )
    return f'<nav class="pages" aria-label="{escape(french(texts.NAVIGATION))}"><ul>{items}</ul></nav>'


def tabs() -> str:
    """The ways out of a widget's frame, each in a tab of its own."""
    ways = (
        ("./", texts_widget.FRAME["full"]),
        ("a-propos", texts_widget.FRAME["about"]),
        ("a-propos#donnees", texts_widget.FRAME["data"]),
        ("a-propos#accessibilite", texts_widget.FRAME["accessibility"]),
    )
    tab = unseen(f" ({texts_widget.FRAME['tab']})")
    items = "".join(
        f'<li><a href="{address}" target="_blank" rel="noopener">{escape(french(name))}{tab}</a></li>'
        for address, name in ways
    )
    return f'<nav class="pages" aria-label="{escape(french(texts_widget.FRAME["pages"]))}"><ul>{items}</ul></nav>'


def logo(site: Site, *, root: str = "") -> str:
    """The logo of the settings, nothing where there is none."""
    if site.logo is None:
        return ""
    return f'<img class="logo" src="{root}logo" alt="{escape(site.logo.alt)}">'


def _current(is_current: bool) -> str:
    return ' aria-current="page"' if is_current else ""
