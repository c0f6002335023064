"""Ranking -> the field examples that fit a question, each with a verified quotation and its links."""

from __future__ import annotations

from ingest.document import BlockKind, Passage, Span
from ingest.index.index import Index
from rag.answer import Example
from rag.retrieval import Ranked, Ranking
from rag.verify import Quotation, Verified, find_quote

# Cards shown, and words of a card's quotation beyond its first sentence: two sentences tell a case.
MAX_EXAMPLES, MAX_WORDS = 3, 90
# How far below the best passage (in fused z-scores) an example still fits.
_REACH = 1.5


def fitting_examples(ranking: Ranking, verified: Verified, index: Index) -> tuple[Example, ...]:
    """At most MAX_EXAMPLES, best first, one a case."""
    near = [ranked for ranked in ranking.results if ranked.score >= ranking.results[0].score - _REACH]
    fitting = [ranked for ranked in near if ranked.passage.kind is BlockKind.EXAMPLE]
    shown = {(citation.publication_id, Span(citation.start, citation.end)) for citation in verified.citations}
    examples: dict[tuple[str, str], Example] = {}
    for ranked in fitting:
        key = (ranked.passage.publication_id, ranked.passage.title or ranked.passage.id)
        example = _example(ranked, ranking, index, shown)
        if example is not None and key not in examples:
            examples[key] = example
    return tuple(examples.values())[:MAX_EXAMPLES]


def _example(ranked: Ranked, ranking: Ranking, index: Index, shown: set[tuple[str, Span]]) -> Example | None:
    quotation = _quotation(ranked, ranking, index, shown)
    if quotation is None:
        return None
    passage = ranked.passage
    publication = index.publications[passage.publication_id]
    return Example(
        title=passage.title or quotation.text,
        territories=passage.territories,
        quote=quotation.text,
        passage_id=passage.id,
        publication_id=publication.id,
        publication_title=publication.title,
        page=passage.page,
        start=quotation.span.start,
        end=quotation.span.end,
        url=publication.url,
        links=passage.links,
    )


def _quotation(ranked: Ranked, ranking: Ranking, index: Index, shown: set[tuple[str, Span]]) -> Quotation | None:
    """The window nearest to the question that the answer does not say already (else the nearest), and its nearer neighbour."""
    passage = ranked.passage
    numbers = index.windows_of(ranked.number)
    by_score = sorted(numbers, key=lambda number: -float(ranking.window_scores[number]))
    fresh = [number for number in by_score if (passage.publication_id, index.windows[number]) not in shown]
    for number in (*fresh, *by_score):
        best = _find(passage, index.windows[number])
        if best is not None:
            neighbours = [other for other in by_score if abs(other - number) == 1 and other in fresh]
            wider = (_find(passage, _around(index.windows[number], index.windows[other])) for other in neighbours)
            return next((q for q in wider if q is not None and len(q.text.split()) <= MAX_WORDS), best)
    return None


def _around(left: Span, right: Span) -> Span:
    return Span(min(left.start, right.start), max(left.end, right.end))


def _find(passage: Passage, span: Span) -> Quotation | None:
    return find_quote(passage, passage.text[span.start - passage.start : span.end - passage.start])
