"""What was found for a question -> what is said: in a chat model's words where one writes, by extracts, or that nothing is.

Raises ValueError when a data file of the build is not of its form. Everything that is said has been verified (`rag.verify`).
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from ingest.document import Document
from ingest.index.documents import read_document
from ingest.index.index import QueryEmbedder
from rag.answer import WRITTEN, Answer, Status
from rag.chat.client import ChatModel
from rag.chat.prompt import load_prompt
from rag.chat.tokens import together
from rag.compose import Corpus, compose, weigher_of
from rag.contacts import Contact
from rag.examples import fitting_examples
from rag.field import Field, named_subjects
from rag.glossary import default_glossary
from rag.links import links_of
from rag.nearest import nearest
from rag.notes import Notes
from rag.phrases import phrases_for
from rag.retrieval import Ranking
from rag.scope import Subjects
from rag.searcher import Searcher
from rag.signals import Signals
from rag.silence import Silence
from rag.support.judge import Infer, Supporter
from rag.understanding import Understood
from rag.verify import verify
from rag.writing import Writer, Written


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What writes, what embeds its sentences, and what has the last word on them, if anything."""

    chat: ChatModel
    embedder: QueryEmbedder
    infer: Infer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an answer is made of: what was understood, what was found, what speaks for it, and what is said before it."""

    understood: Understood
    ranking: Ranking
    signals: Signals
    said: tuple[str, ...]


class Answering:
    """Answers over what one searcher finds. Thread-safe."""

    def __init__(
        self,
        searcher: Searcher,
        *,
        clock: Callable[[], float],
        today: Callable[[], date],
        writing: Writing | None = None,
    ) -> None:
        index, gazetteer, sigles = searcher.index, searcher.gazetteer, searcher.lexicon.sigles
        self._searcher = searcher
        self._clock = clock
        self._today = today
        self.corpus = Corpus.of(index, searcher.rarity, gazetteer, searcher.scope.is_hostile)
        self.passages = {passage.id: passage for passage in index.passages}
        self._field = Field(
            scope=searcher.scope, subjects=Subjects(named_subjects(index)), sigles=searcher.sigles, gazetteer=gazetteer
        )
        self._notes = Notes(
            gazetteer=gazetteer,
            contacts=Contact.load_all(index.folder / "contacts.json"),
            silence=Silence(index, searcher.rarity, sigles),
            places_of=searcher.places_of,
            is_known=searcher.retriever.filtering.is_known,
        )
        self._document = lru_cache(maxsize=256)(self._read_document)
        self._writer = self._make_writer(writing) if writing else None
        self._infers = writing is not None and writing.infer is not None

    def found(self, blank: Answer, understood: Understood, ranking: Ranking, signals: Signals) -> Found:
        """What an answer is made of."""
        said = (
            phrases_for(understood.language).not_applied(understood.dropped),
            self._notes.aside(understood),
            self._notes.not_of_page(understood, blank.on_page),
        )
        return Found(understood=understood, ranking=ranking, signals=signals, said=said)

    def answer(self, blank: Answer, found: Found, *, extractive: bool) -> Iterator[Answer]:
        """The pieces of an answer, `blank` filled in; `extractive`: by extracts, though there is a chat model."""
        # Of English only figures, names and words are compared: without a model of inference extracts answer.
        is_judged = found.understood.language != "en" or self._infers
        if self._writer and is_judged and not extractive:
            written = yield from self._written(blank, found, self._writer)
            if not written.failed:
                return
            blank = replace(blank, fallback=True, tokens=together(blank.tokens, written.tokens))
        yield from self._extracted(blank, found)

    def _written(self, blank: Answer, found: Found, writer: Writer) -> Generator[Answer, None, Written]:
        """What a chat model writes, and how it ended: where it failed extracts are to answer."""
        start = self._clock()
        understood, answer = found.understood, blank
        phrases = phrases_for(understood.language)
        # Under way where the model was asked to rewrite the follow-up, whatever came of it.
        for written in writer.write(understood, found.ranking, under_way=blank.tokens is not None):
            if written.failed:
                return written
            answer = replace(
                blank,
                status=Status.ANSWERED,
                text=_lines(*found.said, written.text),
                sentences=written.verified.sentences,
                citations=written.verified.citations,
                removed_sentences=written.removed,
                composer=WRITTEN,
                tokens=together(blank.tokens, written.tokens),
                growing=not written.whole,
            )
            if answer.growing:
                yield answer
        answer = replace(answer, timings_ms=replace(blank.timings_ms, compose=milliseconds(self._clock() - start)))
        weigher = weigher_of(understood, found.ranking, self.corpus)
        examples = fitting_examples(understood, weigher, written.verified, self.corpus)
        shown = [*(one.passage_id for one in answer.citations), *(one.passage_id for one in examples)]
        around = "" if understood.filters.territory is None else self._notes.around(understood, shown)
        yield replace(
            answer,
            text=_lines(*found.said, around, written.text, phrases.interrupted if written.cut else ""),
            more=written.unused and not written.cut and not understood.detailed,
            examples=examples,
            links=links_of(understood.question, written.verified, self.passages, phrases),
        )
        return written

    def _extracted(self, blank: Answer, found: Found) -> Iterator[Answer]:
        understood, ranking, said = found.understood, found.ranking, found.said
        phrases = phrases_for(understood.language)
        start = self._clock()
        weigher = weigher_of(understood, ranking, self.corpus)
        around = self._notes.around(understood, [ranked.passage.id for ranked in ranking.results])
        reserved = sum(len(note.split()) for note in (*said, around))
        draft = compose(understood, weigher, self.corpus, today=self._today(), reserved=reserved)
        composed = self._clock()
        verified = verify(draft.sentences, self.passages, self._searcher.index.publications, self._document)
        timings = replace(
            blank.timings_ms, compose=milliseconds(composed - start), verify=milliseconds(self._clock() - composed)
        )
        blank = replace(blank, timings_ms=timings, removed_sentences=verified.removed)
        if not verified.sentences:
            yield self.without_answer(blank, understood, found.signals)
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
            yield replace(answer, growing=True)
        examples = fitting_examples(understood, weigher, verified, self.corpus)
        if not is_final:
            shown = [*(one.passage_id for one in verified.citations), *(one.passage_id for one in examples)]
            answer = replace(answer, text=_lines(*said, self._notes.around(understood, shown), text))
            yield replace(answer, growing=True)
        yield replace(
            answer,
            timings_ms=replace(timings, verify=milliseconds(self._clock() - composed)),
            examples=examples,
            links=links_of(understood.question, verified, self.passages, phrases),
        )

    def without_answer(self, blank: Answer, understood: Understood, signals: Signals) -> Answer:
        """That nothing answers: with what is nearest and whom to ask, or, outside of the field, what is answered at all."""
        phrases = phrases_for(understood.language)
        if not self._field.holds(understood, signals):
            return replace(blank, status=Status.OUT_OF_SCOPE, text=phrases.out_of_scope)
        near = nearest(understood, self._searcher.nearest(understood), self.corpus)
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

    def _make_writer(self, writing: Writing) -> Writer:
        searcher, unsaid = self._searcher, self.corpus.unsaid.holds
        supporter = Supporter(
            searcher.index,
            writing.embedder,
            rarity=searcher.rarity,
            lexicon=searcher.lexicon,
            gazetteer=searcher.gazetteer,
            glossary=default_glossary(),
            is_unsaid=unsaid,
            infer=writing.infer,
        )
        return Writer(
            writing.chat,
            load_prompt(),
            supporter,
            publications=searcher.index.publications,
            passages=self.passages,
            document=self._document,
            is_unsaid=unsaid,
        )

    def _read_document(self, publication_id: str) -> Document:
        index = self._searcher.index
        return read_document(index.folder, index.publications[publication_id])


def milliseconds(seconds: float) -> float:
    """Rounded to a hundredth."""
    return round(seconds * 1000, 2)


def _lines(*parts: str) -> str:
    return "\n".join(filter(None, parts))
