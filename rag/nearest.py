"""Ranking -> the passages nearest to a question that is not answered, shown as such. Refuses nothing; proves nothing.

Who asks for examples is shown examples first, and of a place that no passage speaks of, those of places of its kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from ingest.document import BlockKind
from ingest.index.index import Index
from ingest.territories import Gazetteer
from rag.answer import Nearest
from rag.language import Intent, intent_of
from rag.retrieval import Ranked, Ranking
from rag.understanding import Understood
from rag.verify import find_quote

MOST = 3


def nearest(understood: Understood, ranking: Ranking, index: Index, gazetteer: Gazetteer) -> tuple[Nearest, ...]:
    """At most MOST, each with its window that is nearest to the question, if that may be quoted."""
    examples = intent_of(understood.question) is Intent.EXAMPLE
    kinds = {gazetteer.kind_of(name) for name in (understood.territory or "").split(", ")} - {None}

    def order(ranked: Ranked) -> tuple[bool, bool, int]:
        passage = ranked.passage
        example = passage.kind is BlockKind.EXAMPLE
        alike = not kinds.isdisjoint(map(gazetteer.kind_of, passage.territories))
        return examples and not example, examples and not alike, ranked.rank

    return tuple(islice(_each_case_once(sorted(ranking.results, key=order), ranking, index), MOST))


def _each_case_once(ordered: Iterable[Ranked], ranking: Ranking, index: Index) -> Iterator[Nearest]:
    """One quotation of an example, and one of a sentence that stands in two publications."""
    seen: set[str] = set()
    for ranked in ordered:
        near = _near(ranked, ranking, index)
        if near and seen.isdisjoint({near.quote, ranked.passage.title or near.quote}):
            seen |= {near.quote, ranked.passage.title or near.quote}
            yield near


def _near(ranked: Ranked, ranking: Ranking, index: Index) -> Nearest | None:
    passage = ranked.passage
    start, end = index.windows[max(index.windows_of(ranked.number), key=lambda n: float(ranking.window_scores[n]))]
    quotation = find_quote(passage, passage.text[start - passage.start : end - passage.start])
    if quotation is None or not passage.sentences:
        return None
    publication = index.publications[passage.publication_id]
    return Nearest(
        quote=quotation.text,
        passage_id=passage.id,
        publication_id=publication.id,
        title=publication.title,
        page=passage.page,
        start=quotation.span.start,
        end=quotation.span.end,
        url=publication.url,
    )
