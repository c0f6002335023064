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

from ingest.document import BlockKind, Document, Passage, Publication
from ingest.index.documents import read_document
from ingest.index.index import Index, QueryEmbedder
from ingest.repair.lexicon import default_lexicon
from ingest.territories import Gazetteer
from rag.answer import Answer, Filters, Status, Timings, Turn
from rag.answerability import Answerability
from rag.asked_filters import FilterReader
from rag.compose import Corpus, compose, weigher_of
from rag.compose.fitness import Extract, Fitness
from rag.contacts import Contact
from rag.conversation import Ground
from rag.distinct import POOL, distinct
from rag.examples import fitting_examples
from rag.field import Field, named_subjects
from rag.glossary import default_glossary
from rag.judge import Judge
from rag.language import Intent, intent_of, is_english
from rag.links import links_of
from rag.nearest import nearest
from rag.notes import Notes
from rag.on_page import Pages
from rag.phrases import phrases_for
from rag.query import Queries
from rag.rarity import Rarity
from rag.request import AskRequest, clean_question, error_answer, question_problem
from rag.reranker import Reranker
from rag.retrieval import Ranked, Ranking, Retriever
from rag.scope import Scope, Subjects
from rag.sigles import Sigles
from rag.signals import Signals, signals_of
from rag.silence import Silence
from rag.small_talk import is_thanks
from rag.spelling import Speller
from rag.suggestions import Suggester
from rag.understanding import Unclear, Understanding, Understood
from rag.verify import verify

# How deep a search goes for an answer.
_DEPTH = 20
# The share of a question's content that a passage of its page holds where the page alone is asked of a subject. Of six such
# questions, on seven publications of the evals each, those whose page answers had 0.67 to 1.00, the others 0.00 to 0.35.
_COVERED = 0.5


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
        self.gazetteer = gazetteer = Gazetteer.load(index.folder / "territories.json")
        self.retriever = Retriever(index, embedder, gazetteer, reranker.rerank if reranker else None)
        self._answerability = answerability
        self._clock = perf_counter
        self._today = today
        self._rarity = Rarity(index.passages, index.publications)
        self._scope = Scope.load(index.folder / "scope.json")
        lexicon = default_lexicon()
        sigles = Sigles(lexicon.sigles, lexicon.common)
        titles = (publication.title for publication in index.publications.values())
        self._understanding = Understanding(
            ground=Ground(gazetteer=gazetteer, scope=self._scope),
            speller=Speller(
                (*titles, *(passage.text for passage in index.passages)),
                lexicon.known,
                is_place=lambda word: bool(gazetteer.asked_about(f"à {word}")),
            ),
            reader=FilterReader(
                publishers=self.publishers, themes=self.themes, sigles=lexicon.sigles, gazetteer=gazetteer
            ),
            queries=Queries(sigles, default_glossary()),
            filtering=self.retriever.filtering,
        )
        elsewhere = embedder.encode_queries(self._scope.elsewhere)
        self._judge = Judge(
            index=index,
            rarity=self._rarity,
            elsewhere=elsewhere,
            whole=self._scope.whole,
            sigles=lexicon.sigles,
            gazetteer=gazetteer,
        )
        self._corpus = Corpus.of(index, self._rarity, gazetteer, self._scope.is_hostile)
        self._field = Field(
            scope=self._scope, subjects=Subjects(named_subjects(index)), sigles=sigles, gazetteer=gazetteer
        )
        self._notes = Notes(
            gazetteer=gazetteer,
            contacts=Contact.load_all(index.folder / "contacts.json"),
            silence=Silence(index, self._rarity, lexicon.sigles),
            places_of=self.places_of,
            is_known=self.retriever.filtering.is_known,
        )
        self._pages = Pages(index.publications, lexicon.sigles)
        self._passages = {passage.id: passage for passage in index.passages}
        self._numbers = {passage.id: number for number, passage in enumerate(index.passages)}
        self._document = lru_cache(maxsize=256)(self._read_document)
        self._would_answer = lru_cache(maxsize=4096)(self._is_answerable)
        self._suggester = Suggester(index, gazetteer, lexicon.sigles)

    @classmethod
    def open(cls, index: Path, embedder: QueryEmbedder, *, reranker: Reranker | None = None) -> Assistant:
        """Over the build that `<index>/current` names. Raises IngestError as `Index.open` does."""
        return cls(Index.open(index, embedder), embedder, answerability=Answerability.load(), reranker=reranker)

    @property
    def publishers(self) -> tuple[str, ...]:
        """Publishers of the indexed publications, in the catalogue's order."""
        return tuple(dict.fromkeys(publication.publisher for publication in self.index.publications.values()))

    @property
    def index_date(self) -> str:
        """The day of the build, YYYY-MM-DD."""
        return self.index.manifest.created[:10]

    @property
    def themes(self) -> tuple[str, ...]:
        """Themes of the indexed publications, in the order of the alphabet."""
        return tuple(
            sorted({theme for publication in self.index.publications.values() for theme in publication.themes})
        )

    def search(self, question: str, *, k: int, history: tuple[Turn, ...] = ()) -> tuple[Ranked, ...]:
        """The k best passages, best first; none for a question that is not searched."""
        if question_problem(question):
            return ()
        return self._search(self.understand(AskRequest(question=question, history=history)), k).results

    def understand(self, request: AskRequest) -> Understood:
        """What is searched for `request`; the publication of its page leads where it has something to say."""
        name = self._pages.find(request.on_page) if request.on_page else None
        elsewhere = self._understanding.of(request)
        if name is None:
            return elsewhere
        here = self._understanding.of(request, self.publication(name))
        return here if self._leads(here, elsewhere) else elsewhere

    def _leads(self, here: Understood, elsewhere: Understood) -> bool:
        """Whether the page answers by itself, and what is found with it in the lead still does.

        What names a subject is led by a page only where there is an answer without it: one short publication agrees with itself
        in whatever it says, which the model takes for a sign of an answer.
        """
        if here.lead is None or here.unclear or here.asks_elsewhere:
            return False
        if here.lead.alone:
            return self._answers(here, covered=0.0 if here.leans else _COVERED)
        alone = replace(here, lead=replace(here.lead, alone=True))
        return all(map(self._answers, (alone, here, elsewhere)))

    def _answers(self, understood: Understood, covered: float = 0.0) -> bool:
        ranking = self.rank(understood)
        if not ranking.results or (understood.lead and not ranking.results[0].on_page):
            return False
        is_there = understood.filters.territory is None or any(ranked.there for ranked in ranking.results)
        signals = self.signals(understood, ranking)
        return is_there and signals.passage_coverage >= covered and self._answerability.answers(signals)

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
            told = self._pages.told(request.on_page)
            yield replace(refused, filters=request.filters, index_build=self.index.manifest.build, on_page=told)
            return
        for piece in self._answer(request):
            answer = replace(piece, timings_ms=replace(piece.timings_ms, total=_ms(self._clock() - start)))
            yield answer
        # Not part of the answer, and not of its time.
        follow_ups = self.suggestions(request, answer)
        if follow_ups:
            yield replace(answer, follow_ups=follow_ups)

    def rank(self, understood: Understood) -> Ranking:
        """The best distinct passages for an answer, only those about the territories that are named if there are any.

        A page that is asked for its examples gives only these.
        """
        ranking = distinct(self._search(understood, POOL * _DEPTH), self.index, _DEPTH).where_asked()
        examples = understood.leans and intent_of(understood.question) is Intent.EXAMPLE
        return ranking.of_kind(BlockKind.EXAMPLE) if examples else ranking

    def signals(self, understood: Understood, ranking: Ranking) -> Signals:
        """What speaks for and against answering from `ranking`, which must not be empty."""
        return signals_of(understood.query, ranking, self._judge)

    def is_searched(self, question: str) -> bool:
        """Whether a question gets as far as a search: it has no problem, is not hostile, and not a greeting."""
        cleaned = clean_question(question)
        return question_problem(question) is None and self._scope.is_question(cleaned)

    def signals_for(self, request: AskRequest) -> Signals | None:
        """The signals of a request; None for one that is never answered, whatever they would be."""
        if not self.is_searched(request.question):
            return None
        understood = self.understand(request)
        if understood.unclear:
            return None
        ranking = self.rank(understood)
        if not ranking.results or understood.asks_elsewhere:
            return None
        return self.signals(understood, ranking)

    def probability(self, request: AskRequest) -> float:
        """That the index answers, in [0, 1]; 0 for what is never answered."""
        signals = self.signals_for(request)
        return self._answerability.judged(signals) if signals else 0.0

    def found_sentences(self, request: AskRequest, fitness: Fitness) -> list[Extract]:
        """Every sentence of the passages found for a request, best first; none for one not searched."""
        if not self.is_searched(request.question):
            return []
        understood = self.understand(request)
        return weigher_of(understood, self.rank(understood), self._corpus, fitness).all()

    def passage(self, passage_id: str) -> Passage:
        """Raises KeyError when the index has none of that id."""
        return self._passages[passage_id]

    def places_of(self, passage_id: str) -> frozenset[str]:
        """The territories that a passage is about, and all that hold them. Raises KeyError when there is no such passage."""
        return self.retriever.filtering.places_of(self._numbers[passage_id])

    def _is_answerable(self, question: str, filters: Filters) -> bool:
        signals = self.signals_for(AskRequest(question=question, filters=filters))
        return signals is not None and self._answerability.answers(signals)

    def suggestions(self, request: AskRequest, answer: Answer) -> tuple[str, ...]:
        """What may be asked after `answer`, which replied to `request`: questions that this index answers."""
        if answer.status is not Status.ANSWERED:
            return ()
        asked = (*(turn.question for turn in request.history), request.question, answer.question_understood)
        cited = [citation.passage_id for citation in answer.citations]
        # What is suggested comes back with what was said so far, and under the filters that are typed in.
        turn = Turn(question=request.question, text=answer.text, status=answer.status)
        history = (*request.history, turn)

        def answers(question: str) -> bool:
            asked = AskRequest(question=question, history=history, filters=request.filters, on_page=request.on_page)
            back = self._understanding.of(asked)
            return back.question == question and self._would_answer(question, request.filters)

        # On a page more may have been searched than was asked.
        searched = self.understand(request).searched if request.on_page else answer.question_understood
        return self._suggester.after(self.retriever.vector(searched), cited, asked, answer.text, answers)

    def _search(self, understood: Understood, k: int) -> Ranking:
        return self.retriever.search(
            understood.query,
            k=k,
            filters=understood.narrowing,
            territory=understood.filters.territory,
            lead=understood.lead,
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
            on_page=self._pages.told(request.on_page),
        )
        if self._scope.is_hostile(cleaned):
            yield blank
            return
        if self._scope.is_greeting(cleaned):
            said = phrases.thanks if is_thanks(cleaned) else phrases.guidance
            yield replace(blank, status=Status.GUIDANCE, text=said)
            return
        understood = self.understand(request)
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
        ranking = self.rank(understood)
        blank = replace(blank, timings_ms=Timings(retrieve=_ms(self._clock() - start)))
        if not ranking.results:
            yield replace(blank, status=Status.NO_ANSWER, text=phrases.no_answer)
            return
        signals = self.signals(understood, ranking)
        if understood.asks_elsewhere or not self._answerability.answers(signals):
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
        # The nearest may lie elsewhere than asked.
        found = self.retriever.search(understood.query, k=POOL * _DEPTH, filters=understood.narrowing)
        ranking = distinct(found, self.index, _DEPTH)
        near = nearest(understood, ranking, self._corpus)
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
