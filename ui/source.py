"""Source + what of it is asked for + pictures of its pages -> a page to read it on, with a quotation marked. Pure.

Everything that comes from a publication is escaped, of its addresses only an https one becomes a link. Where there are
pictures the text stands folded beneath them, otherwise it is the page. Works without script: ours copies the reference, and no
more. Links are relative to `/source/<id>`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

from ingest.document import Span
from ui import texts
from ui.figures import figures_html
from ui.library import Leaf, Source
from ui.marked_text import leaves_html, name_of
from ui.navigation import navigation
from ui.page import fill
from ui.permalink import ANCHOR, Permalink, Place, query_of
from ui.pictures import is_pdf
from ui.reference import original_of, reference_html
from ui.seal import seal_of
from ui.sheets import Sheet
from ui.typography import french
from ui.view import View

_EXCERPT = 160  # characters of another quotation that its link shows


def render_source(source: Source, view: View, sheets: Sequence[Sheet], today: date, *, name: str = texts.TITLE) -> str:
    """The whole page, in French; `today` is the day on which it is read, `name` that of the service."""
    publication = source.document.publication
    pages = _pages(source, view, sheets)
    words = {
        "title": publication.title,
        "where": texts.pages(pages) if pages else name_of(source, source.leaves[view.first]),
        "assistant": name,
        "ask": texts.ASK_ASSISTANT,
        "reference_title": texts.REFERENCE,
        "copy": texts.COPY_REFERENCE,
        "copied": texts.SCRIPT["copied"],
        "not_copied": texts.SCRIPT["not-copied"],
    }
    return fill(
        "source.html",
        words,
        facts=_facts(source, view, pages),
        notice=_notice(source, view, sheets),
        text=_with_pictures(source, view, sheets) if sheets else _text_alone(source, view),
        around=_around(source, view, sheets),
        others=_others(source, view),
        reference=reference_html(publication, pages, today),
        navigation=navigation(root="../"),
        language=escape(publication.language or "fr"),
    )


def missing_page(title: str, text: str, *, name: str = texts.TITLE) -> str:
    """A short page that says why there is nothing to read."""
    words = {"title": title, "text": text, "name": name, "ask": texts.ASK_ASSISTANT}
    return fill("missing.html", words, root="../", navigation=navigation(root="../"))


def _pages(source: Source, view: View, sheets: Sequence[Sheet]) -> tuple[int, ...]:
    """The physical pages that are shown, of which the quotation is."""
    if not source.paged:
        return ()
    return tuple(sheet.number for sheet in sheets) or tuple(leaf.number for leaf in view.leaves(source))


def _facts(source: Source, view: View, pages: Sequence[int]) -> str:
    publication = source.document.publication
    published = f", {texts.published(publication.date)}" if publication.date else ""
    original = original_of(source, pages, view.quotation)
    link = (
        f'<p><a href="{escape(original.href)}" rel="noopener noreferrer">{_ours(original.label)}</a></p>'
        if original
        else ""
    )
    return f"<p>{escape(publication.publisher)}{_ours(published)}</p>{link}"


def _notice(source: Source, view: View, sheets: Sequence[Sheet]) -> str:
    """What a reader must know of what is shown; and the way to the mark, if there is one."""
    said = [texts.CORRECTED] if source.document.is_corrected else []
    if view.moved:
        said.append(texts.MOVED)
    if is_pdf(source.document.publication) and not sheets:
        said.append(texts.NO_PICTURE)
    if view.quotation and sheets and not any(sheet.marks for sheet in sheets):
        said.append(texts.NOT_ON_PICTURE)
    jump = f'<p><a href="#{ANCHOR}">{_ours(texts.TO_QUOTATION)}</a></p>' if view.quotation else ""
    return "".join(f"<p>{_ours(text)}</p>" for text in said) + jump


def _text_alone(source: Source, view: View) -> str:
    return _in_its_language(source, leaves_html(source, view, anchor=ANCHOR, titled=True))


def _with_pictures(source: Source, view: View, sheets: Sequence[Sheet]) -> str:
    """The quotation, the pictures, the text folded: open where the quotation is not on the pictures."""
    document, quotation = source.document, view.quotation
    on_picture = any(sheet.marks for sheet in sheets)
    words = " ".join(document.text[quotation.start : quotation.end].split()) if quotation else ""
    numbers = [leaf.number for leaf in view.leaves(source)]
    text = leaves_html(source, view, anchor=f"{ANCHOR}-texte" if on_picture else ANCHOR, titled=len(numbers) > 1)
    return (
        f"{_quoted(source, words) if on_picture else ''}"
        f"{figures_html(document.publication, sheets, words)}"
        f'<details class="text" id="texte"{"" if on_picture or not quotation else " open"}>'
        f"<summary>{_ours(texts.text_of(numbers))}</summary>{_in_its_language(source, text)}</details>"
    )


def _quoted(source: Source, words: str) -> str:
    """What is marked, as a text: on a telephone the picture is small, and some readers do not see it."""
    quotation = _in_its_language(source, f"<p>«\u00a0{escape(words)}\u00a0»</p>")
    return f'<div class="quoted"><h2>{_ours(texts.QUOTATION)}</h2><blockquote>{quotation}</blockquote></div>'


def _around(source: Source, view: View, sheets: Sequence[Sheet]) -> str:
    """Links to the leaves before and after those shown."""
    before, after = (texts.PREVIOUS_PAGE, texts.NEXT_PAGE) if source.paged else (texts.PREVIOUS_PART, texts.NEXT_PART)
    first, last = source.leaves[view.first].number, source.leaves[view.last].number
    if sheets:
        first, last = sheets[0].number, sheets[-1].number
    earlier = [leaf for leaf in source.leaves if leaf.number < first]
    later = [leaf for leaf in source.leaves if leaf.number > last]
    links = (_turn(earlier[-1], "prev", before) if earlier else "") + (_turn(later[0], "next", after) if later else "")
    return f'<nav aria-label="{_ours(texts.AROUND)}">{links}</nav>' if links else ""


def _turn(leaf: Leaf, relation: str, label: str) -> str:
    return f'<a rel="{relation}" href="?page={leaf.number}">{_ours(f"{label} ({leaf.number})")}</a>'


def _others(source: Source, view: View) -> str:
    """Links to the other quotations of the same answer; each comes with the rest of them."""
    if not view.also:
        return ""
    every = [*view.also, *([view.quotation] if view.quotation else [])]
    items = "".join(f"<li>{_other(source, span, [one for one in every if one != span])}</li>" for span in view.also)
    return f'<section class="others"><h2>{_ours(texts.OTHER_QUOTATIONS)}</h2><ul>{items}</ul></section>'


def _other(source: Source, span: Span, rest: Sequence[Span]) -> str:
    text = source.document.text
    number = max((leaf for leaf in source.leaves if leaf.start <= span.start), key=lambda leaf: leaf.number).number
    link = Permalink(
        page=number if source.paged else None,
        quotation=_place(text, span),
        also=tuple(_place(text, other) for other in sorted(rest)),
    )
    words = " ".join(text[span.start : span.end].split())
    shown = words if len(words) <= _EXCERPT else f"{words[:_EXCERPT].rsplit(' ', 1)[0]}…"
    return f'<a href="{escape(query_of(link))}">«\u00a0{escape(shown)}\u00a0»</a>'


def _place(text: str, span: Span) -> Place:
    return Place(start=span.start, end=span.end, seal=seal_of(text[span.start : span.end]))


def _in_its_language(source: Source, html: str) -> str:
    return f'<div lang="{escape(source.document.publication.language or "fr")}">{html}</div>'


def _ours(text: str) -> str:
    return escape(french(text))
