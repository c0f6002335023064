"""Request -> what it asks, what is found, and whether that answers: everything before a word of an answer is chosen.

Refuses nothing: a question that is not searched has no signals, and what is found may be nothing.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from ingest.document import BlockKind
from ingest.index.index import Index, QueryEmbedder
from ingest.index.store import Vectors
from ingest.repair.lexicon import default_lexicon
from ingest.territories import Gazetteer
from rag.answer import Answer, Filters, HostPage, OnPage, Turn
from rag.answerability import Answerability
from rag.asked_filters import FilterReader
from rag.conversation import Ground
from rag.distinct import POOL, distinct
from rag.glossary import default_glossary
from rag.judge import Judge
from rag.language import Intent, intent_of
from rag.on_page import Pages
from rag.query import Queries
from rag.rarity import Rarity
from rag.request import AskRequest, clean_question, question_problem
from rag.reranker import Reranker
from rag.retrieval import Ranked, Ranking, Retriever
from rag.scope import Scope
from rag.sigles import Sigles
from rag.signals import Signals, signals_of
from rag.spelling import Speller
from rag.understanding import Understanding, Understood

# How deep a search goes for an answer.
DEPTH = 20
# The share of a question's content that a passage of its page holds where the page alone is asked of a subject. Of six such
# questions, on seven publications of the evals each, those whose page answers had 0.67 to 1.00, the others 0.00 to 0.35.
_COVERED = 0.5


class Searcher:
    """Understands, searches and judges over one opened index. Thread-safe: nothing changes after it is made."""

    def __init__(
        self,
        index: Index,
        embedder: QueryEmbedder,
        *,
        answerability: Answerability,
        reranker: Reranker | None = None,
    ) -> None:
        """Raises ValueError when a data file of the build is not of its form."""
        self.index = index
        self.gazetteer = Gazetteer.load(index.folder / "territories.json")
        self.scope = Scope.load(index.folder / "scope.json")
        self.rarity = Rarity(index.passages, index.publications)
        self.lexicon = default_lexicon()
        self.sigles = Sigles(self.lexicon.sigles, self.lexicon.common)
        self.retriever = Retriever(index, embedder, self.gazetteer, reranker.rerank if reranker else None)
        self._answerability = answerability
        self._understanding = self._make_understanding()
        self._judge = Judge(
            index=index,
            rarity=self.rarity,
            elsewhere=embedder.encode_queries(self.scope.elsewhere),
            whole=self.scope.whole,
            sigles=self.lexicon.sigles,
            gazetteer=self.gazetteer,
        )
        self._pages = Pages(index.publications, self.lexicon.sigles)
        self._numbers = {passage.id: number for number, passage in enumerate(index.passages)}
        self._would_answer = lru_cache(maxsize=4096)(self._is_answerable)

    def _make_understanding(self) -> Understanding:
        index, gazetteer, lexicon = self.index, self.gazetteer, self.lexicon
        titles = (publication.title for publication in index.publications.values())
        return Understanding(
            ground=Ground(gazetteer=gazetteer, scope=self.scope),
            speller=Speller(
                (*titles, *(passage.text for passage in index.passages)),
                lexicon.known,
                is_place=lambda word: bool(gazetteer.asked_about(f"à {word}")),
            ),
            reader=FilterReader(
                publishers=self.publishers, themes=self.themes, sigles=lexicon.sigles, gazetteer=gazetteer
            ),
            queries=Queries(self.sigles, default_glossary()),
            filtering=self.retriever.filtering,
        )

    @property
    def publishers(self) -> tuple[str, ...]:
        """Publishers of the indexed publications, in the catalogue's order."""
        return tuple(dict.fromkeys(publication.publisher for publication in self.index.publications.values()))

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
        return self._found(self.understand(AskRequest(question=question, history=history)), k).results

    def understand(self, request: AskRequest, rewritten: str = "") -> Understood:
        """What is searched for `request`; the publication of its page leads where it has something to say.

        `rewritten`: the question that it is taken for, where it is not for the rules to say.
        """
        name = self._pages.find(request.on_page) if request.on_page else None
        elsewhere = self._understanding.of(request, rewritten=rewritten)
        if name is None:
            return elsewhere
        here = self._understanding.of(request, self.index.publications[name], rewritten)
        return here if self._leads(here, elsewhere) else elsewhere

    def _leads(self, here: Understood, elsewhere: Understood) -> bool:
        """Whether the page answers by itself, and what is found with it in the lead still does.

        What names a subject is led by a page only where there is an answer without it: one short publication agrees with itself
        in whatever it says, which the model takes for a sign of an answer.
        """
        if here.lead is None or here.unclear or here.asks_elsewhere:
            return False
        if here.lead.alone:
            return self._answered(here, covered=0.0 if here.leans else _COVERED)
        alone = replace(here, lead=replace(here.lead, alone=True))
        return all(map(self._answered, (alone, here, elsewhere)))

    def _answered(self, understood: Understood, covered: float = 0.0) -> bool:
        ranking = self.rank(understood)
        if not ranking.results or (understood.lead and not ranking.results[0].on_page):
            return False
        is_there = understood.filters.territory is None or any(ranked.there for ranked in ranking.results)
        signals = self.signals(understood, ranking)
        return is_there and signals.passage_coverage >= covered and self.answers(signals)

    def rank(self, understood: Understood) -> Ranking:
        """The best distinct passages for an answer, only those about the territories that are named if there are any.

        A page that is asked for its examples gives only these.
        """
        ranking = distinct(self._found(understood, POOL * DEPTH), self.index, DEPTH).where_asked()
        examples = understood.leans and intent_of(understood.question) is Intent.EXAMPLE
        return ranking.of_kind(BlockKind.EXAMPLE) if examples else ranking

    def signals(self, understood: Understood, ranking: Ranking) -> Signals:
        """What speaks for and against answering from `ranking`, which must not be empty."""
        return signals_of(understood.query, ranking, self._judge)

    def is_searched(self, question: str) -> bool:
        """Whether a question gets as far as a search: it has no problem, is not hostile, and not a greeting."""
        cleaned = clean_question(question)
        return question_problem(question) is None and self.scope.is_question(cleaned)

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

    def answers(self, signals: Signals) -> bool:
        """Whether signals speak for an answer."""
        return self._answerability.answers(signals)

    def places_of(self, passage_id: str) -> frozenset[str]:
        """The territories that a passage is about, and all that hold them. Raises KeyError when there is no such passage."""
        return self.retriever.filtering.places_of(self._numbers[passage_id])

    def would_answer(self, question: str, asked: AskRequest, answer: Answer) -> bool:
        """Whether `question`, put after `answer` to `asked`, stands for itself and is answered under the same filters."""
        # What is suggested comes back with what was said so far, and under the filters that are typed in.
        turn = Turn(question=asked.question, text=answer.text, status=answer.status)
        history = (*asked.history, turn)
        again = AskRequest(question=question, history=history, filters=asked.filters, on_page=asked.on_page)
        back = self._understanding.of(again)
        return back.question == question and self._would_answer(question, asked.filters)

    def searched_vector(self, asked: AskRequest, answer: Answer) -> Vectors:
        """The vector (d,) of what was searched for `asked`: on a page that may be more than is shown as understood."""
        return self.retriever.vector(self.understand(asked).searched if asked.on_page else answer.question_understood)

    def told(self, page: HostPage | None) -> OnPage | None:
        """The page on which a question was asked, with its publication."""
        return self._pages.told(page)

    def nearest(self, understood: Understood) -> Ranking:
        """What lies near a question that is not answered, wherever: it may lie elsewhere than asked."""
        found = self.retriever.search(understood.query, k=POOL * DEPTH, filters=understood.narrowing)
        return distinct(found, self.index, DEPTH)

    def _is_answerable(self, question: str, filters: Filters) -> bool:
        signals = self.signals_for(AskRequest(question=question, filters=filters))
        return signals is not None and self.answers(signals)

    def _found(self, understood: Understood, k: int) -> Ranking:
        return self.retriever.search(
            understood.query,
            k=k,
            filters=understood.narrowing,
            territory=understood.filters.territory,
            lead=understood.lead,
        )
