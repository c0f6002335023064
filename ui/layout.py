"""The frame of the pages without script: head, skip link, header, main, ways to the other pages. Pure.

In: the settings of the site and what stands in the middle, already HTML. Out: the page. Addresses are relative: every such page
stands beside the chat's.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from ui import texts_plain as texts
from ui.navigation import logo, navigation
from ui.page import fill
from ui.site import Site
from ui.typography import french

_NO_ROBOTS = '<meta name="robots" content="noindex">'


def plain_page(site: Site, title: str, main: str, *, current: str, index_date: str = "") -> str:
    """A whole page; `current` is its address. Answers are not for search engines: of `/q` nothing is kept by them."""
    words = {
        "title": title,
        "name": site.name,
        "networks": site.networks,
        "description": site.description,
        "skip": texts.SKIP,
    }
    return fill(
        "plain.html",
        words,
        main=main,
        logo=logo(site),
        navigation=navigation(current),
        foot=paragraph(texts.index_date(index_date)) if index_date else "",
        robots=_NO_ROBOTS if current == "q" else "",
    )


def ours(text: str) -> str:
    """A text of ours, with its French spaces."""
    return escape(french(text))


def plain(text: str) -> str:
    """A text of others, as it is but on one line."""
    return escape(" ".join(text.split()))


def paragraph(text: str, name: str = "") -> str:
    """A text of ours as a paragraph, of the class `name`."""
    return f"<p{_class(name)}>{ours(text)}</p>"


def listing(items: Iterable[str], name: str = "") -> str:
    """Pieces of HTML as a list, nothing where there are none."""
    content = "".join(f"<li>{item}</li>" for item in items)
    return f"<ul{_class(name)}>{content}</ul>" if content else ""


def button(label: str, name: str, value: str, *, style: str = "way", action: str = "") -> str:
    """A button that sends the form `suite`; `label` is HTML. `action` is where to, if elsewhere than the form says."""
    elsewhere = f' formaction="{escape(action)}"' if action else ""
    return (
        f'<button type="submit" class="{style}" form="suite" name="{escape(name)}" value="{escape(value)}"{elsewhere}>'
        f"{label}</button>"
    )


def _class(name: str) -> str:
    return f' class="{name}"' if name else ""
