"""Question -> Answer: one readable list of steps, each of which may end with a status.

problem -> hostile -> greeting -> understood (a chat model may rewrite a follow-up) -> unclear -> retrieval -> answerability
(no_answer, out_of_scope) -> draft -> verification -> answered
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter

from ingest.document import Passage, Publication
from ingest.index.index import Index, QueryEmbedder
from rag.answer import Answer, Filters, Status, Timings
from rag.answerability import Answerability
from rag.answering import Answering, Writing, milliseconds
from rag.chat.client import ChatModel
from rag.chat.rewrite import load_rewrite_prompt
from rag.compose import weigher_of
from rag.compose.fitness import Extract, Fitness
from rag.language import is_english
from rag.phrases import phrases_for
from rag.request import AskRequest, clean_question, error_answer, question_problem
from rag.reranker import Reranker
from rag.rewriting import Rewriter, Rewritten
from rag.searcher import Searcher
from rag.small_talk import is_thanks
from rag.suggestions import Suggester
from rag.support.judge import Infer
from rag.understanding import Unclear, Understood


class Assistant:
    """Answers questions from one opened index. Thread-safe: nothing changes after it is made."""

    def __init__(  # noqa: PLR0913 - the models are handed in by name
        self,
        index: Index,
        embedder: QueryEmbedder,
        *,
        answerability: Answerability,
        reranker: Reranker | None = None,
        chat: ChatModel | None = None,
        infer: Infer | None = None,
        today: Callable[[], date] = lambda: datetime.now(UTC).date(),
    ) -> None:
        """`chat` writes and rewrites where there is one, `infer` has the last word on what it wrote.

        Raises ValueError when a data file of the build is not of its form.
        """
        self.index = index
        self.searcher = searcher = Searcher(index, embedder, answerability=answerability, reranker=reranker)
        self._clock = perf_counter
        self._scope = searcher.scope
        self._answering = Answering(
            searcher,
            clock=self._clock,
            today=today,
            writing=Writing(chat=chat, embedder=embedder, infer=infer) if chat else None,
        )
        asked = chat.rewriting if chat else None
        self._rewriter = Rewriter(asked, load_rewrite_prompt(), searcher.scope) if asked else None
        self._suggester = Suggester(index, searcher.gazetteer, searcher.lexicon.sigles)

    @classmethod
    def open(
        cls,
        index: Path,
        embedder: QueryEmbedder,
        *,
        reranker: Reranker | None = None,
        chat: ChatModel | None = None,
        infer: Infer | None = None,
    ) -> Assistant:
        """Over the build that `<index>/current` names. Raises IngestError as `Index.open` does."""
        answerability = Answerability.load()
        opened = Index.open(index, embedder)
        return cls(opened, embedder, answerability=answerability, reranker=reranker, chat=chat, infer=infer)

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

        What is answered comes with its verified text first (what a chat model writes: sentence by sentence), then with examples
        and links, then with what may be asked next if there is anything, which takes longest. What is not comes at once. Where
        a model fails in the middle, what it wrote gives way to an answer by extracts.
        """
        start = self._clock()
        problem = question_problem(request.question)
        if problem:
            refused = error_answer(request.question, problem)
            told = self.searcher.told(request.on_page)
            yield replace(refused, filters=request.filters, index_build=self.index.manifest.build, on_page=told)
            return
        for piece in self._answer(request):
            answer = replace(piece, timings_ms=replace(piece.timings_ms, total=milliseconds(self._clock() - start)))
            yield answer
        # Not part of the answer, and not of its time.
        follow_ups = self.suggestions(request, answer)
        if follow_ups:
            yield replace(answer, follow_ups=follow_ups)

    def understand(self, request: AskRequest) -> tuple[Understood, Rewritten]:
        """What a request that is searched asks, and what a chat model had to do with it.

        It is asked about a follow-up that the rules are unsure of, never for an `extractive` request: who asks again in that
        way, as an export does, gets what the rules understand.
        """
        understood = self.searcher.understand(request)
        if self._rewriter is None or request.extractive or not understood.unsure:
            return understood, Rewritten()
        rewritten = self._rewriter.rewrite(understood.follows, request.history)
        again = self.searcher.understand(request, rewritten.question) if rewritten.question else understood
        if again is understood or again.unclear:
            return understood, replace(rewritten, question="")
        return again, rewritten

    def found_sentences(self, request: AskRequest, fitness: Fitness) -> list[Extract]:
        """Every sentence of the passages found for a request, best first; none for one not searched."""
        if not self.searcher.is_searched(request.question):
            return []
        understood = self.searcher.understand(request)
        return weigher_of(understood, self.searcher.rank(understood), self._answering.corpus, fitness).all()

    def passage(self, passage_id: str) -> Passage:
        """Raises KeyError when the index has none of that id."""
        return self._answering.passages[passage_id]

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
        understood, rewritten = self.understand(request)
        blank = replace(
            blank,
            tokens=rewritten.tokens,
            question_understood=understood.question,
            filters=understood.filters,
            understood_filters=understood.read,
            dropped_filters=understood.dropped,
            follow_up=understood.follow_up,
            language=understood.language,
        )
        # A follow-up is completed from what the page says was said before, or rewritten by a model that has read it.
        if self._scope.is_hostile(understood.question):
            yield blank
        else:
            yield from self._searched(blank, understood, extractive=request.extractive)

    def _searched(self, blank: Answer, understood: Understood, *, extractive: bool) -> Iterator[Answer]:
        phrases = phrases_for(understood.language)
        if understood.unclear:
            said = phrases.no_such_point if understood.unclear is Unclear.POINT else phrases.unclear
            yield replace(blank, status=Status.GUIDANCE, text=said)
            return
        start = self._clock()
        ranking = self.searcher.rank(understood)
        blank = replace(blank, timings_ms=Timings(retrieve=milliseconds(self._clock() - start)))
        if not ranking.results:
            yield replace(blank, status=Status.NO_ANSWER, text=phrases.no_answer)
            return
        signals = self.searcher.signals(understood, ranking)
        if understood.asks_elsewhere or not self.searcher.answers(signals):
            yield self._answering.without_answer(blank, understood, signals)
        else:
            found = self._answering.found(blank, understood, ranking, signals)
            yield from self._answering.answer(blank, found, extractive=extractive)

    def publication(self, publication_id: str) -> Publication:
        """Raises KeyError when the index has none of that id."""
        return self.index.publications[publication_id]
