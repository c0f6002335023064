"""Question -> Answer: one readable list of steps, each of which may end with a status.

problem -> hostile -> greeting -> unclear -> retrieval -> answerability (no_answer, out_of_scope) -> draft -> verification
-> answered
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from time import perf_counter

from ingest.document import Document, Passage, Publication
from ingest.index.documents import read_document
from ingest.index.index import Index, QueryEmbedder
from rag.answer import Answer, Filters, Status, Timings
from rag.answerability import Answerability
from rag.compose import Corpus, compose, weigher_of
from rag.compose.fitness import Extract, Fitness
from rag.contacts import Contact
from rag.examples import fitting_examples
from rag.field import Field, named_subjects
from rag.language import is_english
from rag.links import links_of
from rag.nearest import nearest
from rag.notes import Notes
from rag.phrases import phrases_for
from rag.request import AskRequest, clean_question, error_answer, question_problem
from rag.reranker import Reranker
from rag.retrieval import Ranking
from rag.scope import Subjects
from rag.searcher import Searcher
from rag.signals import Signals
from rag.silence import Silence
from rag.small_talk import is_thanks
from rag.suggestions import Suggester
from rag.understanding import Unclear, Understood
from rag.verify import verify


class Assistant:
    """Answers questions from one opened index. Thread-safe: nothing changes after it is made."""

    def __init__(
        self,
        index: Index,
        embedder: QueryEmbedder,
        *,
        answerability: Answerability,
        reranker: Reranker | None = None,
        today: Callable[[], date] = lambda: datetime.now(UTC).date(),
    ) -> None:
        """Raises ValueError when a data file of the build is not of its form."""
        self.index = index
        self.searcher = searcher = Searcher(index, embedder, answerability=answerability, reranker=reranker)
        self._clock = perf_counter
        self._today = today
        self._scope, gazetteer, sigles = searcher.scope, searcher.gazetteer, searcher.lexicon.sigles
        self._corpus = Corpus.of(index, searcher.rarity, gazetteer, self._scope.is_hostile)
        self._field = Field(
            scope=self._scope, subjects=Subjects(named_subjects(index)), sigles=searcher.sigles, gazetteer=gazetteer
        )
        self._notes = Notes(
            gazetteer=gazetteer,
            contacts=Contact.load_all(index.folder / "contacts.json"),
            silence=Silence(index, searcher.rarity, sigles),
            places_of=searcher.places_of,
            is_known=searcher.retriever.filtering.is_known,
        )
        self._passages = {passage.id: passage for passage in index.passages}
        self._document = lru_cache(maxsize=256)(self._read_document)
        self._suggester = Suggester(index, gazetteer, sigles)

    @classmethod
    def open(cls, index: Path, embedder: QueryEmbedder, *, reranker: Reranker | None = None) -> Assistant:
        """Over the build that `<index>/current` names. Raises IngestError as `Index.open` does."""
        return cls(Index.open(index, embedder), embedder, answerability=Answerability.load(), reranker=reranker)

    @property
    def publishers(self) -> tuple[str, ...]:
        """Publishers of the indexed publications, in the catalogue's order."""
        return self.searcher.publishers

    @property
    def index_date(self) -> str:
        """The day of the build, YYYY-MM-DD."""
        return self.index.manifest.created[:10]

    @property
    def themes(self) -> tuple[str, ...]:
        """Themes of the indexed publications, in the order of the alphabet."""
        return self.searcher.themes

    def ask(self, question: str, *, filters: Filters = Filters()) -> Answer:
        """Answer a question that stands alone."""
        return self.reply(AskRequest(question=question, filters=filters))

    def reply(self, request: AskRequest) -> Answer:
        """Answer one request. Whatever the question, this returns; what is wrong with it is a status."""
        *_, answer = self.reply_in_pieces(request)
        return answer

    def reply_in_pieces(self, request: AskRequest) -> Iterator[Answer]:
        """The answer as it grows, each with all that the one before had; the last is what `reply` gives.

        What is answered comes with its verified text first, then with examples and links, then with what may be asked next
        if there is anything, which takes longest. What is not comes at once.
        """
        start = self._clock()
        problem = question_problem(request.question)
        if problem:
            refused = error_answer(request.question, problem)
            told = self.searcher.told(request.on_page)
            yield replace(refused, filters=request.filters, index_build=self.index.manifest.build, on_page=told)
            return
        for piece in self._answer(request):
            answer = replace(piece, timings_ms=replace(piece.timings_ms, total=_ms(self._clock() - start)))
            yield answer
        # Not part of the answer, and not of its time.
        follow_ups = self.suggestions(request, answer)
        if follow_ups:
            yield replace(answer, follow_ups=follow_ups)

    def found_sentences(self, request: AskRequest, fitness: Fitness) -> list[Extract]:
        """Every sentence of the passages found for a request, best first; none for one not searched."""
        if not self.searcher.is_searched(request.question):
            return []
        understood = self.searcher.understand(request)
        return weigher_of(understood, self.searcher.rank(understood), self._corpus, fitness).all()

    def passage(self, passage_id: str) -> Passage:
        """Raises KeyError when the index has none of that id."""
        return self._passages[passage_id]

    def suggestions(self, request: AskRequest, answer: Answer) -> tuple[str, ...]:
        """What may be asked after `answer`, which replied to `request`: questions that this index answers."""
        if answer.status is not Status.ANSWERED:
            return ()
        asked = (*(turn.question for turn in request.history), request.question, answer.question_understood)
        cited = [citation.passage_id for citation in answer.citations]
        vector = self.searcher.searched_vector(request, answer)
        return self._suggester.after(
            vector, cited, asked, answer.text, lambda question: self.searcher.would_answer(question, request, answer)
        )

    def _answer(self, request: AskRequest) -> Iterator[Answer]:
        cleaned = clean_question(request.question)
        phrases = phrases_for("en" if is_english(cleaned) else "fr")
        blank = Answer(
            question=request.question,
            question_understood=cleaned,
            status=Status.REFUSED,
            text=phrases.out_of_scope,
            language=phrases.language,
            filters=request.filters,
            index_build=self.index.manifest.build,
            on_page=self.searcher.told(request.on_page),
        )
        if self._scope.is_hostile(cleaned):
            yield blank
            return
        if self._scope.is_greeting(cleaned):
            said = phrases.thanks if is_thanks(cleaned) else phrases.guidance
            yield replace(blank, status=Status.GUIDANCE, text=said)
            return
        understood = self.searcher.understand(request)
        blank = replace(
            blank,
            question_understood=understood.question,
            filters=understood.filters,
            understood_filters=understood.read,
            dropped_filters=understood.dropped,
            follow_up=understood.follow_up,
            language=understood.language,
        )
        # A follow-up is completed from what the page says was said before.
        if self._scope.is_hostile(understood.question):
            yield blank
        else:
            yield from self._searched(blank, understood)

    def _searched(self, blank: Answer, understood: Understood) -> Iterator[Answer]:
        phrases = phrases_for(understood.language)
        if understood.unclear:
            said = phrases.no_such_point if understood.unclear is Unclear.POINT else phrases.unclear
            yield replace(blank, status=Status.GUIDANCE, text=said)
            return
        start = self._clock()
        ranking = self.searcher.rank(understood)
        blank = replace(blank, timings_ms=Timings(retrieve=_ms(self._clock() - start)))
        if not ranking.results:
            yield replace(blank, status=Status.NO_ANSWER, text=phrases.no_answer)
            return
        signals = self.searcher.signals(understood, ranking)
        if understood.asks_elsewhere or not self.searcher.answers(signals):
            yield self._without_answer(blank, understood, signals)
        else:
            yield from self._with_answer(blank, understood, ranking, signals)

    def _with_answer(
        self, blank: Answer, understood: Understood, ranking: Ranking, signals: Signals
    ) -> Iterator[Answer]:
        phrases = phrases_for(understood.language)
        start = self._clock()
        weigher = weigher_of(understood, ranking, self._corpus)
        said = (
            phrases.not_applied(understood.dropped),
            self._notes.aside(understood),
            self._notes.not_of_page(understood, blank.on_page),
        )
        around = self._notes.around(understood, [ranked.passage.id for ranked in ranking.results])
        reserved = sum(len(note.split()) for note in (*said, around))
        draft = compose(understood, weigher, self._corpus, today=self._today(), reserved=reserved)
        composed = self._clock()
        verified = verify(draft.sentences, self._passages, self.index.publications, self._document)
        timings = replace(blank.timings_ms, compose=_ms(composed - start), verify=_ms(self._clock() - composed))
        blank = replace(blank, timings_ms=timings, removed_sentences=verified.removed)
        if not verified.sentences:
            yield self._without_answer(blank, understood, signals)
            return
        text = draft.text(verified, phrases)
        answer = replace(
            blank,
            status=Status.ANSWERED,
            text=_lines(*said, text),
            sentences=verified.sentences,
            citations=verified.citations,
            more=draft.more,
        )
        # Of a territory, what the examples show may add a note to the text, which would change under the reader's eyes.
        is_final = understood.filters.territory is None
        if is_final:
            yield answer
        examples = fitting_examples(understood, weigher, verified, self._corpus)
        if not is_final:
            shown = [*(one.passage_id for one in verified.citations), *(one.passage_id for one in examples)]
            answer = replace(answer, text=_lines(*said, self._notes.around(understood, shown), text))
            yield answer
        yield replace(
            answer,
            timings_ms=replace(timings, verify=_ms(self._clock() - composed)),
            examples=examples,
            links=links_of(understood.question, verified, self._passages, phrases),
        )

    def _without_answer(self, blank: Answer, understood: Understood, signals: Signals) -> Answer:
        phrases = phrases_for(understood.language)
        if not self._field.holds(understood, signals):
            return replace(blank, status=Status.OUT_OF_SCOPE, text=phrases.out_of_scope)
        near = nearest(understood, self.searcher.nearest(understood), self._corpus)
        parts = [
            # A place that was asked about is named by the silence itself.
            phrases.not_applied(
                replace(understood.dropped, territory=None) if understood.territory else understood.dropped
            ),
            self._notes.aside(understood),
            self._notes.silent(understood, signals),
            phrases.nearest if near else "",
            self._notes.whom_to_ask(understood),
        ]
        return replace(blank, status=Status.NO_ANSWER, text=_lines(*parts), nearest=near)

    def _read_document(self, publication_id: str) -> Document:
        return read_document(self.index.folder, self.publication(publication_id))

    def publication(self, publication_id: str) -> Publication:
        """Raises KeyError when the index has none of that id."""
        return self.index.publications[publication_id]


def _lines(*parts: str) -> str:
    return "\n".join(filter(None, parts))


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
