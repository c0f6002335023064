"""A page of rtes.fr or reseau-crpv.fr -> what it says of itself: dates, themes, series, whether it is for members.

In: the bytes of a page, or its tree. Out: PageFacts, and the lines that state them, which are no text of the publication.
rtes.fr (Drupal) writes "Publié le 18 octobre 2018 - mis à jour le 24 octobre 2019", "Mots-clés : emploi ; insertion - Mai
2022", "Type de ressource", "Ressource privée : Oui"; the library records of reseau-crpv.fr a theme, a year and pages above
"Document électronique". Any page may be given: what it does not say stays empty. Refused (ReadError): what is no web page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from urllib.parse import unquote, urlsplit

from lxml import html  # type: ignore[import-untyped]  # comes without types

from ingest.french_dates import DATE, french_date
from ingest.html.tree import HEADINGS, TextLine, content_length, folded, parse_page, text_lines
from ingest.sites.address import address

_ON = r"(?:le|en|:|le\s*:)\s*"
_PUBLISHED_ON = (
    rf"(?:(?:publi[ée]e?|post[ée]e?|mise?\s+en\s+ligne)\s+{_ON}|date\s+de\s+(?:publication|parution)\s*:\s*)"
)
_UPDATED_ON = (
    rf"(?:(?:mise?\s+à\s+jour|modifi[ée]e?)\s+{_ON}|derni[èe]re\s+(?:mise\s+à\s+jour|modification)\s*:?\s*(?:le\s+)?)"
)
_PUBLISHED = re.compile(rf"{_PUBLISHED_ON}(?P<date>{DATE})", re.IGNORECASE)
_UPDATED = re.compile(rf"{_UPDATED_ON}(?P<date>{DATE})", re.IGNORECASE)
# A line that is dates and who wrote, and nothing else; "Publié le 3 mai 2021, le décret ..." is a sentence.
_DATE_LINE = re.compile(
    rf"(?:par\s[^|]{{1,60}}\|)?(?:\W*(?:{_PUBLISHED_ON}|{_UPDATED_ON})?{DATE}"
    r"(?:\s*(?:à|-|,)?\s*\d{1,2}\s*[h:]\s*(?:\d{2})?)?(?:\s+(?:par|dans)\s[^.:;|]{1,60})?)+(?:\s*\|[^|.]{1,60})*\W*",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"""\W*(?P<label>
        (?P<keywords>mots?[\s-]+cl[ée]s?|tags?|[ée]tiquettes?) | (?P<kind>type\s+de\s+(?:ressource|document|publication))
      | (?P<private>ressource\s+priv[ée]e) | (?P<themes>th(?:[èe]me|[ée]matique)s?) | (?P<year>ann[ée]e(?:\s+[\w'’]+)?)
      | (?P<series>collection|s[ée]rie)
    )\s*(?:[:：]\s*(?P<value>.*)|$)""",
    re.IGNORECASE | re.VERBOSE,
)
# A line that bars the way, not a sentence on who may come to an event.
_MEMBERS_ONLY = re.compile(
    r"(?:(?:cette|ce|cet)\s+(?:ressource|contenu|page|article|document|partie)\s+(?:est|sont)\s+"
    r"|(?:contenu|ressource|article|page|acc[èe]s|document)s?\s+)"
    r"(?:uniquement\s+)?r[ée]serv[ée]e?s?\s+aux?\s+(?:seuls?\s+)?(?:adh[ée]rente?s?|membres?)\b",
    re.IGNORECASE,
)
_PAGES = re.compile(r"(?P<pages>\d{1,4})\s*p(?:ages?|\.)?", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_RECORD = re.compile(r"documents?\s+[ée]lectroniques?\s*:?", re.IGNORECASE)
_SERIES = (
    (re.compile(r"points?[\s-]+de[\s-]+rep[èe]r?ess\b", re.IGNORECASE), "Points de RepèrESS"),
    (re.compile(r"\brep[èe]ress\b", re.IGNORECASE), "RepèrESS"),
    (re.compile(r"\bd[ée]nich[ée]s?[\s-]+pour[\s-]+vous\b", re.IGNORECASE), "Déniché pour vous"),
    (re.compile(r"\bkit[\s-]+municipaless\b", re.IGNORECASE), "Kit MunicipalESS"),
    (re.compile(r"\bl[’'\s-]?[ée]co[\s-]+des[\s-]+quartiers\b", re.IGNORECASE), "L'éco des quartiers"),
)
_FIELD = 400  # characters: what is longer than this is no field of facts
_VALUES = 12
_NEAR_TITLE = 6  # lines within which a date without a word beside it is the page's
_SHORT = 6  # words of a theme


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """What a page says of itself. Dates are YYYY, YYYY-MM or YYYY-MM-DD; `date` is when it was published.

    `private` is True for members' pages, None where nothing is said. `documents` are the files that it offers. `stated`
    are the lines that state facts, with the elements of the tree that hold them.
    """

    title: str | None = None
    date: str | None = None
    updated: str | None = None
    themes: tuple[str, ...] = ()
    kind: str | None = None
    series: str | None = None
    private: bool | None = None
    pages: int | None = None
    language: str | None = None
    documents: tuple[str, ...] = ()
    stated: tuple[TextLine, ...] = field(default=(), repr=False, compare=False)

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines that state facts, as they stand on the page, white space folded."""
        return tuple(dict.fromkeys(line.text for line in self.stated))


def page_facts(data: bytes, url: str | None) -> PageFacts:
    """The facts on a page, `url` being where it was found. Raises ReadError."""
    page = parse_page(data, url or "the page", url=url)
    return tree_facts(page.root, base=page.base, url=url)


def tree_facts(root: html.HtmlElement, *, base: str | None, url: str | None) -> PageFacts:
    """The facts in a page's tree; `base` is what its links are relative to."""
    # What is longer states no fact, and would keep the patterns busy.
    lines = [line for line in text_lines(root) if len(line.text) <= _FIELD]
    title = _title_line(root, lines)
    facts = PageFacts(
        title=lines[title].text if title is not None else None,
        language=(root.get("lang") or "").split("-")[0].lower() or None,
        documents=tuple(dict.fromkeys(_documents(root, base))),
    )
    for index in range(len(lines)):
        facts = _with_line(facts, lines, index, title)
    facts = _with_record(facts, lines, title)
    if facts.private is None and any(_MEMBERS_ONLY.match(line.text) for line in lines):
        facts = replace(facts, private=True)
    series = facts.series or _series([facts.title or "", _slug(url), facts.kind or "", *facts.themes])
    return replace(facts, date=facts.date or _meta_date(root), series=series)


def _with_line(facts: PageFacts, lines: Sequence[TextLine], index: int, title: int | None) -> PageFacts:
    text = lines[index].text
    label = _LABEL.match(text)
    if label:
        return _with_label(facts, lines, index, label)
    if not _DATE_LINE.fullmatch(text):
        return facts
    published, updated = _PUBLISHED.search(text), _UPDATED.search(text)
    near = title is not None and -2 <= index - title <= _NEAR_TITLE
    if not (published or updated or near):
        return facts
    date = french_date(published["date"]) if published else None if updated else french_date(text)
    return replace(
        facts,
        date=facts.date or date,
        updated=facts.updated or (french_date(updated["date"]) if updated else None),
        stated=(*facts.stated, lines[index]),
    )


def _with_label(facts: PageFacts, lines: Sequence[TextLine], index: int, label: re.Match[str]) -> PageFacts:
    """The facts with what stands after a label, or in the lines below one that stands alone."""
    stated = [lines[index]]
    values = [label["value"].strip()] if label["value"] else []
    if not values:
        below = list(_values_below(lines, index))
        values = [line.text for line in below]
        stated += below
    if not values:
        return facts
    facts = replace(facts, stated=(*facts.stated, *stated))
    whole = " ; ".join(values)
    if label["private"]:
        return replace(facts, private=facts.private or whole.lower().startswith(("oui", "yes")))
    if label["kind"]:
        return replace(facts, kind=facts.kind or whole)
    if label["series"]:
        return replace(facts, series=facts.series or _series([whole]) or whole)
    if label["year"]:
        year = _YEAR.search(whole)
        return replace(facts, date=facts.date or (year.group() if year else None))
    dated = re.search(rf"\s[-–—]\s+(?P<date>{DATE}|(?:19|20)\d\d)\s*$", whole, re.IGNORECASE)
    themes = _themes(whole[: dated.start()] if dated else whole)
    date = facts.date or (french_date(dated["date"]) or dated["date"] if dated else None)
    return replace(facts, date=date, themes=tuple(dict.fromkeys([*facts.themes, *themes])))


def _values_below(lines: Sequence[TextLine], index: int) -> Iterator[TextLine]:
    """The lines of the same field as the label: those in the element around it, or the next one where that is no field."""
    around = lines[index].block.getparent()
    is_field = around is not None and content_length(around) < _FIELD
    for line in islice(lines, index + 1, index + 1 + (_VALUES if is_field else 1)):
        inside = not is_field or around in line.block.iterancestors()
        if not inside or line.block.tag in {"dt", *HEADINGS} or len(line.text) > 100 or _LABEL.match(line.text):
            return
        yield line


def _themes(text: str) -> list[str]:
    separator = r"\s*[;|•·]\s*" if re.search(r"[;|•·]", text) else r"\s*,\s*"
    return [theme.strip(" .") for theme in re.split(separator, text) if theme.strip(" .")]


def _with_record(facts: PageFacts, lines: Sequence[TextLine], title: int | None) -> PageFacts:
    """What a library record says between its title and "Document électronique": themes, year, pages."""
    marks = [i for i, line in enumerate(lines) if _RECORD.fullmatch(line.text) or _PAGES.fullmatch(line.text)]
    first = title + 1 if title is not None else 0
    if not marks or not first <= marks[-1] <= first + _VALUES or not any(map(_PAGES.fullmatch, _texts(lines, marks))):
        return facts
    stated, themes = [], []
    for line in lines[first : marks[-1] + 1]:
        year, pages = _YEAR.fullmatch(line.text), _PAGES.fullmatch(line.text)
        if year:
            facts = replace(facts, date=facts.date or year.group())
        elif pages:
            facts = replace(facts, pages=int(pages["pages"]))
        elif not _RECORD.fullmatch(line.text):
            if len(line.text.split()) > _SHORT or line.text.endswith("."):
                continue
            themes.append(line.text)
        stated.append(line)
    return replace(facts, themes=tuple(dict.fromkeys([*facts.themes, *themes])), stated=(*facts.stated, *stated))


def _texts(lines: Sequence[TextLine], indices: Sequence[int]) -> list[str]:
    return [lines[index].text for index in indices]


def _title_line(root: html.HtmlElement, lines: Sequence[TextLine]) -> int | None:
    """The line of the page's title: the longest heading that the head's title repeats, else the first of the highest rank.

    Sites put their own name into a heading too, and into the head's title.
    """
    called = [folded(element.text or "") for element in root.iter("title")]
    called += [meta.get("content") or "" for meta in root.iter("meta") if meta.get("property") == "og:title"]
    headings = [i for i, line in enumerate(lines) if line.block.tag in HEADINGS]
    repeated = [i for i in headings if any(_plain(lines[i].text) in _plain(name) for name in called)]
    if repeated:
        return max(repeated, key=lambda i: len(lines[i].text))
    return min(headings, key=lambda i: HEADINGS[lines[i].block.tag], default=None)


def _plain(text: str) -> str:
    """A title as it is compared: letters and digits alone."""
    return "".join(filter(str.isalnum, text.casefold()))


def _series(texts: Sequence[str]) -> str | None:
    return next((name for text in texts for pattern, name in _SERIES if pattern.search(text)), None)


def _slug(url: str | None) -> str:
    try:
        return unquote(urlsplit(url or "").path).strip("/").rpartition("/")[2]
    except ValueError:
        return ""


def _documents(root: html.HtmlElement, base: str | None) -> Iterator[str]:
    for link in root.iter("a"):
        found = address(link.get("href") or "", base=base)
        text = folded("".join(link.itertext()))
        if found and (found.path.lower().endswith((".pdf", ".docx", ".odt")) or _RECORD.fullmatch(text)):
            yield str(found)


def _meta_date(root: html.HtmlElement) -> str | None:
    """When the page's head says that it was published."""
    for meta in root.iter("meta"):
        if meta.get("property") == "article:published_time" or meta.get("name") in {"dcterms.date", "date"}:
            found = re.match(r"(?:19|20)\d\d-\d\d-\d\d", meta.get("content") or "")
            if found:
                return found.group()
    return None
