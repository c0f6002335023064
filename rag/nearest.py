"""Ranking -> the passages nearest to a question that is not answered, shown as such. Refuses nothing; proves nothing.

Who asks for examples is shown examples first, and of a place that no passage speaks of, those of places of its kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from ingest.document import BlockKind
from rag.answer import Nearest
from rag.compose import Corpus
from rag.compose.fitness import sentence_cosines
from rag.compose.reader import Reader
from rag.language import Intent, intent_of
from rag.retrieval import Ranked, Ranking
from rag.understanding import Understood
from rag.verify import find_quote

MOST = 3


def nearest(understood: Understood, ranking: Ranking, corpus: Corpus) -> tuple[Nearest, ...]:
    """At most MOST, each with its sentence that is nearest to the question and may be said."""
    gazetteer = corpus.gazetteer
    examples = intent_of(understood.question) is Intent.EXAMPLE
    kinds = {gazetteer.kind_of(name) for name in (understood.territory or "").split(", ")} - {None}

    def order(ranked: Ranked) -> tuple[bool, bool, int]:
        passage = ranked.passage
        example = passage.kind is BlockKind.EXAMPLE
        alike = not kinds.isdisjoint(map(gazetteer.kind_of, passage.territories))
        return examples and not example, examples and not alike, ranked.rank

    return tuple(islice(_each_case_once(sorted(ranking.results, key=order), ranking, corpus), MOST))


def _each_case_once(ordered: Iterable[Ranked], ranking: Ranking, corpus: Corpus) -> Iterator[Nearest]:
    """One quotation of an example, and one of a sentence that stands in two publications."""
    seen: set[str] = set()
    for ranked in ordered:
        near = _near(ranked, ranking, corpus)
        if near and seen.isdisjoint({near.quote, ranked.passage.title or near.quote}):
            seen |= {near.quote, ranked.passage.title or near.quote}
            yield near


def _near(ranked: Ranked, ranking: Ranking, corpus: Corpus) -> Nearest | None:
    passage, index = ranked.passage, corpus.index
    reader = Reader(passage)
    cosines = sentence_cosines(ranked, ranking, index)
    said = [
        (cosine, -position)
        for position, cosine in enumerate(cosines[: len(reader.spans)])
        if reader.may_be_said(position) and not corpus.unsaid.holds(reader.text(position))
    ]
    quotation = find_quote(passage, reader.text(-max(said)[1])) if said else None
    if quotation is None:
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
