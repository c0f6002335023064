"""Question and ranking -> the field examples that fit, each with a verified quotation and its links.

Those of the territory that is asked about come first; who asks for examples is also shown such as fit from places of the same
kind, then from elsewhere. Refuses nothing; what does not bear on the question is not shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from ingest.document import BlockKind, Span
from rag.answer import Example
from rag.compose import Corpus
from rag.compose.fitness import Weigher
from rag.compose.headings import capitalised
from rag.compose.reader import Reader
from rag.compose.stretches import Stretch
from rag.language import Intent, asked_for, intent_of
from rag.places_asked import subject_of
from rag.retrieval import Ranked, Ranking
from rag.understanding import Understood
from rag.verify import Quotation, Verified, find_quote

# Cards shown, and words of a card's quotation beyond its first sentence: two sentences tell a case.
MAX_EXAMPLES, MAX_WORDS = 3, 90
# How far below the best passage (in fused z-scores) and the best sentence (in cosine) an example still bears on the question;
# or which share of the question's terms it holds. Read on the dev questions: what lies beyond was about something else.
_REACH, _CLOSE, _SHARE = 1.25, 0.02, 0.2


def fitting_examples(
    understood: Understood, weigher: Weigher, verified: Verified, corpus: Corpus
) -> tuple[Example, ...]:
    """At most MAX_EXAMPLES, one a case."""
    return tuple(islice(_Cards(understood, weigher.ranking, weigher, verified, corpus).all(), MAX_EXAMPLES))


@dataclass(frozen=True, slots=True)
class _Cards:
    """The examples of one answer."""

    understood: Understood
    ranking: Ranking
    weigher: Weigher
    verified: Verified
    corpus: Corpus

    def all(self) -> Iterator[Example]:
        """Best first."""
        seen: set[tuple[str, str]] = set()
        for ranked in sorted(self._fitting(), key=self._order):
            case = (ranked.passage.publication_id, ranked.passage.title or ranked.passage.id)
            example = self._example(ranked) if case not in seen else None
            if example is not None:
                seen.add(case)
                yield example

    def _fitting(self) -> Iterator[Ranked]:
        asks = intent_of(self.understood.question) is Intent.EXAMPLE
        results = [ranked for ranked in self.ranking.results if ranked.passage.kind is BlockKind.EXAMPLE]
        asked_there = [ranked for ranked in results if ranked.there][:1] if asks else []
        yield from asked_there
        top = self.ranking.results[0]
        close = max(ranked.window for ranked in self.ranking.results) - _CLOSE
        subject = asked_for(self.understood.searched)
        for ranked in results:
            near = top.score - ranked.score <= _REACH
            if ranked is top or (near and (ranked.window >= close or self._share(ranked, subject) >= _SHARE)):
                yield ranked
        if asks:
            yield from self._elsewhere()

    def _elsewhere(self) -> Iterator[Ranked]:
        """Examples from elsewhere than asked that share the subject, if there is one."""
        subject = subject_of(self.understood.question, self.corpus.gazetteer)
        for ranked in self.ranking.elsewhere:
            if ranked.passage.kind is BlockKind.EXAMPLE and subject and self._share(ranked, subject) >= 2 * _SHARE:
                yield ranked

    def _share(self, ranked: Ranked, terms: frozenset[str]) -> float:
        return self.corpus.rarity.share(terms, self.corpus.rarity.terms[ranked.number])

    def _order(self, ranked: Ranked) -> tuple[bool, bool, bool, int]:
        """There, of the place named before its intercommunality; then of the same kind, then elsewhere; in each as ranked."""
        gazetteer = self.corpus.gazetteer
        territories = ranked.passage.territories
        named = ranked.there and not gazetteer.around(territories).isdisjoint(gazetteer.find(self.understood.question))
        asked = {gazetteer.kind_of(name) for name in gazetteer.asked_about(self.understood.question)} - {None}
        alike = not asked.isdisjoint(map(gazetteer.kind_of, territories))
        return not ranked.there, not named, not alike, ranked.rank

    def _example(self, ranked: Ranked) -> Example | None:
        quotation = self._quotation(ranked)
        if quotation is None:
            return None
        passage = ranked.passage
        publication = self.corpus.index.publications[passage.publication_id]
        return Example(
            title=capitalised(passage.title or quotation.text),
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

    def _quotation(self, ranked: Ranked) -> Quotation | None:
        """The sentence that fits best of those that the answer does not say already, or else of all; with a neighbour."""
        extracts = self.weigher.of(ranked)
        said = {one.position for one in extracts if self._is_said(ranked, one.reader.spans[one.position])}
        weights = {one.position: (one.position not in said, one.weight) for one in extracts}
        for one in sorted(extracts, key=lambda extract: extract.position in said):
            stretch = _told(one.reader, one.position, weights)
            quotation = find_quote(ranked.passage, stretch.text) if stretch else None
            if quotation is not None:
                return quotation
        return None

    def _is_said(self, ranked: Ranked, span: Span) -> bool:
        """Whether the answer quotes any of it."""
        return any(
            citation.publication_id == ranked.passage.publication_id
            and span.overlaps(Span(citation.start, citation.end))
            for citation in self.verified.citations
        )


def _told(reader: Reader, position: int, weights: Mapping[int, tuple[bool, float]]) -> Stretch | None:
    """The sentence, whole, with the better of its neighbours where both together are short; None when it cannot be whole."""
    whole = reader.whole(position)
    if whole is None or len(whole) > 1:
        return None
    if whole[0].span != reader.spans[position]:
        return whole[0]
    neighbours = [n for n in (position - 1, position + 1) if n in weights]
    for other in sorted(neighbours, key=lambda n: weights[n], reverse=True):
        first, last = min(position, other), max(position, other)
        both = reader.stretch(first, last)
        whole_both = not reader.leans(first) and reader.is_whole(first) and reader.is_whole(last)
        if both.words <= MAX_WORDS and whole_both and _on_one_line(reader, both):
            return both
    return whole[0]


def _on_one_line(reader: Reader, stretch: Stretch) -> bool:
    passage = reader.passage
    return "\n\n" not in passage.text[stretch.span.start - passage.start : stretch.span.end - passage.start]
