"""Ranking -> the passages nearest to a question that is not answered, shown as such. Refuses nothing; proves nothing.

Who asks for examples is shown examples first, and of a place that no passage speaks of, those of places of its kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from ingest.document import BlockKind
from rag.answer import Nearest
from rag.compose import Corpus
from rag.compose.fitness import reader_of, sentence_cosines
from rag.language import Intent, intent_of
from rag.retrieval import Ranked, Ranking
from rag.understanding import Understood
from rag.verify import Quotation, find_quote

MOST = 3


def nearest(understood: Understood, ranking: Ranking, corpus: Corpus) -> tuple[Nearest, ...]:
    """At most MOST, each with its sentence that is nearest to the question and understood without those before it."""
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
    passage = ranked.passage
    quotation = next(_quotations(ranked, ranking, corpus), None)
    if quotation is None:
        return None
    publication = corpus.index.publications[passage.publication_id]
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


def _quotations(ranked: Ranked, ranking: Ranking, corpus: Corpus) -> Iterator[Quotation]:
    """Its sentences with what they need, the nearest first; an item of a list may go without its introduction.

    What needs words from elsewhere is not shown: one quotation stands at one place.
    """
    reader = reader_of(ranked, corpus.index, corpus.unsaid.holds)
    cosines = sentence_cosines(ranked, ranking, corpus.index) if reader.spans else []
    for position in sorted(range(len(reader.spans)), key=lambda n: -cosines[n]):
        whole = reader.whole(position, single=True) if reader.may_be_said(position) else None
        if not whole or not (len(whole) == 1 or (reader.is_listed(position) and reader.is_whole(position))):
            continue
        quotation = find_quote(ranked.passage, whole[-1].text)
        if quotation is not None:
            yield quotation
