"""`/a-propos` as a page: how answers are made, limits, personal data, whom to write to, legal notice, accessibility. Pure.

What it says of data follows from `Kept`, which whoever serves fills in from the settings: a page that promises more than the
service keeps is a fault of the service.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from ui import texts, texts_plain
from ui import texts_about as about
from ui.kept import Kept
from ui.layout import listing, ours, paragraph, plain_page
from ui.shelf import Shelf
from ui.site import Site, address_of


def about_page(site: Site, kept: Kept, shelf: Shelf | None) -> str:
    """The whole page, in French; without `shelf`, while the index is being opened, what it holds is left out."""
    sections = (
        ("reponses", about.HOW, _how(kept)),
        ("limites", about.LIMITS, _limits(shelf)),
        (
            "pas-fait",
            about.NOT_DONE,
            listing(map(ours, about.NOT_DONE_ITEMS_WRITTEN if kept.told else about.NOT_DONE_ITEMS)),
        ),
        ("donnees", about.DATA, _data(site, kept)),
        ("signaler", about.REPORT, _report(site)),
        ("mentions", about.LEGAL, _legal(site)),
        ("accessibilite", about.ACCESSIBILITY, _accessibility(site)),
    )
    contents = listing(f'<a href="#{identity}">{ours(title)}</a>' for identity, title, _ in sections)
    main = (
        paragraph(about.LEAD.format(name=site.name), "lead")
        + f'<nav class="contents" aria-label="{ours(about.CONTENTS)}">{contents}</nav>'
        + "".join(
            f'<section aria-labelledby="{identity}"><h2 id="{identity}" tabindex="-1">{ours(title)}</h2>{html}</section>'
            for identity, title, html in sections
        )
    )
    return plain_page(site, about.TITLE, main, current="a-propos", index_date=shelf.index_date if shelf else "")


def privacy_line(kept: Kept) -> str:
    """What is said of data beside a field for questions."""
    return texts.privacy(kept.question_days, kept.told)


def _how(kept: Kept) -> str:
    steps = "".join(f"<li>{ours(step)}</li>" for step in (about.HOW_STEPS_WRITTEN if kept.told else about.HOW_STEPS))
    how = about.HOW_WRITTEN if kept.told else about.HOW_EXTRACTIVE
    return f"<ol>{steps}</ol>{paragraph(how)}{paragraph(about.HOW_FOLLOW_UP)}"


def _limits(shelf: Shelf | None) -> str:
    first, *others = about.LIMITS_ITEMS
    items = list(others)
    if shelf:
        day = texts.date(shelf.index_date[:10])
        items.insert(0, first.format(count=texts_plain.count(len(shelf.held)), date=day))
    return f'{listing(map(ours, items))}<p><a href="publications">{ours(about.SEE_PUBLICATIONS)}</a></p>'


def _data(site: Site, kept: Kept) -> str:
    said = [privacy_line(kept)] if kept.told or kept.question_days else []
    said += [] if kept.question_days else [about.NOTHING_KEPT]
    said += [about.FEEDBACK_KEPT] if kept.feedback else []
    contact = site.contacts.data_protection
    return (
        "".join(map(paragraph, said))
        + listing(map(ours, about.DATA_ITEMS_WRITTEN if kept.told else about.DATA_ITEMS))
        + paragraph(about.DATA_ADVICE)
        + (_written_to(about.DATA_CONTACT, contact) if contact else paragraph(about.DATA_NO_CONTACT))
        + paragraph(about.CNIL)
    )


def _report(site: Site) -> str:
    contact = site.contacts.errors
    if not contact:
        return paragraph(about.REPORT_NO_CONTACT)
    return _written_to(about.REPORT_PAGE if contact.startswith("https://") else about.REPORT_HOW, contact)


def _legal(site: Site) -> str:
    legal = site.legal
    given = (
        (about.RESPONSIBLE, legal.responsible),
        (about.DIRECTOR, legal.director),
        (about.HOST, legal.host),
    )
    rows = "".join(f"<dt>{ours(name)}</dt><dd>{_lines(text)}</dd>" for name, text in given if text)
    return (f"<dl>{rows}</dl>" if rows else paragraph(about.LEGAL_MISSING)) + paragraph(about.LICENCE)


def _accessibility(site: Site) -> str:
    contact = site.contacts.accessibility
    return (
        paragraph(about.ACCESSIBILITY_STATE)
        + _listed(about.TESTED, about.ACCESSIBILITY_TESTED)
        + _listed(about.UNTESTED, about.ACCESSIBILITY_UNTESTED)
        + (_written_to(about.ACCESSIBILITY_CONTACT, contact) if contact else paragraph(about.ACCESSIBILITY_NO_CONTACT))
        + paragraph(about.DEFENDER)
    )


def _listed(title: str, items: Iterable[str]) -> str:
    return f"<h3>{ours(title)}</h3>{listing(map(ours, items))}"


def _written_to(text: str, contact: str) -> str:
    return f'<p>{ours(text)} <a href="{escape(address_of(contact))}">{escape(contact)}</a></p>'


def _lines(text: str) -> str:
    return "<br>".join(escape(line) for line in text.splitlines())
