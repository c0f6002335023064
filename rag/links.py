"""Where to read on: the cited publications, and of the links they give those that bear on the answer. Pure; refuses nothing.

A link bears on an answer when its address has words of the question or of what is quoted beside it. It is called by the words
of the publication that say the same as its address, else by its host.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote, urlsplit

from ingest.document import Passage
from ingest.index.analyser import analyse
from rag.answer import Link
from rag.phrases import Phrases
from rag.verify import Verified

# Terms that an address shares with question and quotations; or the share of its own terms.
_SHARED, _SHARE = 2, 0.5
# Share of an address's terms that its title has; most words of a title.
_TITLED, _TITLE_WORDS = 0.6, 25
# What stands in inverted commas; the closing ones may be lost.
_QUOTED = re.compile(r"[«“\"]\s*([^«»“”\"]{8,200}?)\s*(?:[»”\"]|’,|$)")
_HOST = re.compile(r"^(?:www\.)?(.+)\.\w+$")


def links_of(question: str, verified: Verified, passages: Mapping[str, Passage], phrases: Phrases) -> tuple[Link, ...]:
    """The publications in the order of their citations, then their links that bear on the answer."""
    titles = {citation.url: citation.title for citation in verified.citations if citation.url}
    about = frozenset(analyse(question))
    for citation in verified.citations:
        passage = passages[citation.passage_id]
        said = about | frozenset(analyse(citation.quote))
        for url in passage.links:
            terms = _terms(url)
            shared = len(terms & said)
            if url not in titles and terms and (shared >= _SHARED or shared >= _SHARE * len(terms)):
                titles[url] = _title(passage, terms) or phrases.read_on(url)
    return tuple(Link(title=title, url=url) for url, title in titles.items())


def _terms(url: str) -> frozenset[str]:
    """The terms of its path; of its host where it has none."""
    parts = urlsplit(url)
    path = re.sub(r"\.\w{2,4}$", "", unquote(parts.path)).strip("/")
    host = _HOST.match(parts.hostname or "")
    words = path or (host[1] if host else "")
    return frozenset(term for term in analyse(re.sub(r"[\W_]+", " ", words)) if not term.isdigit() and len(term) > 2)


def _title(passage: Passage, terms: frozenset[str]) -> str | None:
    """The shortest of the passage's words that say most of what the address says."""
    told = [
        (-len(terms & held), len(title), title)
        for title in _candidates(passage)
        if len(terms & (held := frozenset(analyse(title)))) >= max(_SHARED, _TITLED * len(terms))
    ]
    return min(told)[2] if told else None


def _candidates(passage: Passage) -> Iterator[str]:
    for line in passage.text.splitlines():
        for match in _QUOTED.finditer(line):
            yield " ".join(match[1].split())
        if "://" not in line and 1 < len(line.split()) <= _TITLE_WORDS:
            yield " ".join(line.split()).strip(' :•–—-«»“”"')
