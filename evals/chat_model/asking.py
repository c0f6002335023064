"""Questions -> each answered twice: in a chat model's words and by extracts.

In: an assistant that has the model, the questions, their evidence. Out: both answers, what the model said on the way (the
assistant shows only what is verified, and nothing of what it withdrew), and times. Refuses nothing: what the model does wrong
is in what comes out. Its limits, pause and budget are those of the settings, so that what is measured is what readers get.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from time import perf_counter

from langchain_core.messages import BaseMessage

from evals.questions import GoldSpan, Question
from evals.quotations import citation_precision, evidence_in_answer
from rag.answer import WRITTEN, Answer
from rag.chat.client import ChatModel, Reply
from rag.chat.errors import ChatModelError, Reason
from rag.chat.prompt import NO_ANSWER
from rag.chat.run import Run
from rag.chat.sentences import SentenceCutter, part
from rag.chat.tokens import Tokens
from rag.pipeline import Assistant


class Outcome(StrEnum):
    """What became of asking the model."""

    NOT_ASKED = "not asked"  # the question was refused before
    WRITTEN = "written"
    DECLINED = "the passages do not answer, said the model"
    NOTHING_SHOWN = "nothing that it said could be shown"
    FAILED = "the model failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One reply of the model's. `failed`: why it gave no more, if it did not end well; `ended`: it was heard to its end."""

    text: str
    tokens: Tokens | None = None
    failed: Reason | None = None
    ended: bool = True

    @property
    def declines(self) -> bool:
        """Whether it says that the passages do not answer."""
        return NO_ANSWER in self.text

    @property
    def sentences(self) -> list[str]:
        """Its whole sentences, with their marks; none that declines."""
        cutter = SentenceCutter()
        sentences = [*cutter.feed(self.text), *(cutter.end() if self.ended else ())]
        return [sentence for sentence in sentences if NO_ANSWER not in sentence]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedTwice:
    """One question's two answers. `written` is by extracts too where nothing could be written.

    `first_ms`: until the first verified sentence was there to be shown; None when none was. `said` is None when the model was
    not asked.
    """

    question: Question
    gold: Sequence[GoldSpan]
    written: Answer
    extractive: Answer
    said: Said | None
    first_ms: float | None

    @property
    def outcome(self) -> Outcome:
        """What became of asking the model."""
        if self.said is None:
            return Outcome.NOT_ASKED
        if self.written.composer == WRITTEN:
            return Outcome.WRITTEN
        if self.said.failed is not None:
            return Outcome.FAILED
        return Outcome.DECLINED if self.said.declines else Outcome.NOTHING_SHOWN

    @property
    def shown(self) -> int:
        """Sentences of the model's that are in the answer."""
        return len(self.written.sentences) if self.outcome is Outcome.WRITTEN else 0

    @property
    def dropped(self) -> list[str]:
        """Sentences of the model's that are not: not supported, said twice, or withdrawn with all the others."""
        said = self.said.sentences if self.said else []
        left = [sentence.text for sentence in self.written.sentences] if self.outcome is Outcome.WRITTEN else []
        dropped = []
        for sentence in said:
            words, _ = part(sentence)
            if words in left:
                left.remove(words)
            else:
                dropped.append(sentence)
        return dropped

    def precision(self, answer: Answer) -> float | None:
        """Share of the citations on evidence of any grade; None without citation."""
        return citation_precision(self.gold, answer)

    def cites_evidence(self, answer: Answer) -> bool:
        """Whether a citation (examples apart, which no model writes) is on evidence of the highest grade."""
        return evidence_in_answer(self.gold, replace(answer, examples=()))


class OverheardReply(Reply):
    """A reply that keeps what it gave out."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._text = ""
        self._failed: Reason | None = None

    def __next__(self) -> str:
        try:
            piece = super().__next__()
        except ChatModelError as error:
            self._failed = error.reason
            raise
        self._text += piece
        return piece

    @property
    def said(self) -> Said:
        """All of it."""
        return Said(text=self._text, tokens=self.tokens, failed=self._failed, ended=self.end is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class OverheardModel(ChatModel):
    """A chat model whose replies can be read afterwards. One thread's."""

    replies: list[OverheardReply] = field(default_factory=list)

    @classmethod
    def of(cls, chat: ChatModel) -> OverheardModel:
        """The same model, its budget and breaker shared."""
        return cls(**{one.name: getattr(chat, one.name) for one in fields(chat)})

    def stream(self, messages: Sequence[BaseMessage], *, ticking: bool = False, under_way: bool = False) -> Reply:
        """The answer, kept."""
        reply = OverheardReply(Run(self, tuple(messages), ticking=ticking, under_way=under_way))
        self.replies.append(reply)
        return reply


def ask_twice(
    assistant: Assistant, chat: OverheardModel, questions: Sequence[Question], gold: Mapping[str, Sequence[GoldSpan]]
) -> Iterator[AskedTwice]:
    """Each question written, then by extracts, which may find some of the work done; `assistant` must write with `chat`."""
    for question in questions:
        chat.replies.clear()
        written, first_ms = _timed(assistant, question)
        yield AskedTwice(
            question=question,
            gold=gold.get(question.id, ()),
            written=written,
            extractive=assistant.reply(replace(question.request, extractive=True)),
            said=chat.replies[0].said if chat.replies else None,
            first_ms=first_ms,
        )


def _timed(assistant: Assistant, question: Question) -> tuple[Answer, float | None]:
    start, first_ms = perf_counter(), None
    for answer in assistant.reply_in_pieces(question.request):
        if (
            first_ms is None and answer.composer == WRITTEN and answer.sentences
        ):  # before there are any, pieces only keep time
            first_ms = 1000 * (perf_counter() - start)
    return answer, first_ms
