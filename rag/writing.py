"""Passages found -> an answer in a chat model's own words, a verified sentence at a time.

In: a question and its ranking. Out: what may be shown so far, again after each sentence. A sentence is shown when its marks
name passages, nothing in it is markup, a link or a contact, it is in the language of the question and was not said before,
`rag.support` finds it supported, and its evidence can be quoted (`rag.verify`). One that fails is dropped and counted. Two in a
row, a model that fails before anything is said, none left, or a judge that is left alone, and then nothing is asked:
`Written.failed`, and the caller answers by extracts. Where a chat model judges, the answer's time is also that of judging it:
after that it is cut. Nothing that a model does is raised.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from time import monotonic

from ingest.document import Document, Passage, Publication
from ingest.index.analyser import fold
from ingest.sentences import split_sentences
from rag.chat.client import ChatModel, Reply
from rag.chat.errors import ChatModelError
from rag.chat.prompt import Prompt, PromptPassage
from rag.chat.run import End
from rag.chat.sentences import SentenceCutter, part
from rag.chat.tokens import Tokens, together
from rag.compose.orders import orders_a_machine
from rag.forbidden import is_forbidden, speaks
from rag.retrieval import Ranking
from rag.support.judge import Reason, Supporter
from rag.understanding import Understood
from rag.verify import Claim, DraftSentence, Verified, find_quote, verify

# Passages that the model is shown: about 2,500 tokens. Evidence that is found is among the first eight but for 1 dev question.
SHOWN = 8
_IN_A_ROW = 2
# Seconds after which what may be shown is given again, whether there is more or not.
_BEAT = 0.5
# Begins and ends with no white space: else each place of a long run of it could be where the words begin, and where they end.
_QUOTED = re.compile(r"[«“\"]\s*([^«»“”\"\s](?:[^«»“”\"]*[^«»“”\"\s])?)\s*[»”\"]")
# Characters of a sentence; what is longer is none of an answer of 400 words, and no rule has to read it.
_LONGEST = 2000
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What of an answer may be shown by now.

    `removed`: sentences that were dropped; `failed`: extracts are to answer instead; `cut`: it has no end of its own; `tokens`
    are known at the end, and so is `unused`: a passage that the model was shown is cited by no sentence.
    """

    verified: Verified
    removed: int = 0
    failed: bool = False
    whole: bool = False
    cut: bool = False
    unused: bool = False
    tokens: Tokens | None = None

    @property
    def text(self) -> str:
        """The sentences with the numbers of their citations, as one paragraph."""
        return " ".join(
            f"{sentence.text} {''.join(f'[{n}]' for n in sentence.citations)}" for sentence in self.verified.sentences
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A sentence that may be verified, None when it may not be shown, and the tokens that a chat model took to judge it.

    `late`: the time of the answer was over before it was judged.
    """

    sentence: DraftSentence | None = None
    tokens: Tokens | None = None
    late: bool = False


class Writer:
    """Has one chat model write over one index. Thread-safe."""

    def __init__(  # noqa: PLR0913 - what it needs of an assistant, by name
        self,
        model: ChatModel,
        prompt: Prompt,
        supporter: Supporter,
        *,
        publications: Mapping[str, Publication],
        passages: Mapping[str, Passage],
        document: Callable[[str], Document],
        is_unsaid: Callable[[str], bool],
    ) -> None:
        """`is_unsaid` tells what no answer says, whoever writes it."""
        self._model = model
        self._prompt = prompt
        self._supporter = supporter
        self._publications = publications
        self._passages = passages
        self._document = document
        self._is_unsaid = is_unsaid
        self._turns_to_a_machine = lru_cache(maxsize=4096)(_turns_to_a_machine)

    def write(self, understood: Understood, ranking: Ranking, *, under_way: bool = False) -> Iterator[Written]:
        """What may be shown, each with all that the one before had, nothing at first; the last is whole, or failed.

        `under_way`: the model was asked something for this answer before, so that the day's tokens do not matter any more.
        """
        # What turns to a machine is shown to none, with all that stands beside it.
        sound = (ranked.passage for ranked in ranking.results if not self._turns_to_a_machine(ranked.passage))
        shown = list(islice(sound, SHOWN))
        page = _Page(self, understood, shown, until=self._model.clock() + self._model.limits.total)
        if self._supporter.is_paused:
            _log.warning("the chat model is not asked: what judges its sentences is paused")
            yield page.last()
            return
        messages = self._prompt.messages(
            understood.question, [self._prompted(passage) for passage in shown], detailed=understood.detailed
        )
        reply = self._model.stream(messages, ticking=True, under_way=under_way)
        try:
            with reply, closing(page.read(reply)) as steps:
                told, at = page.now, monotonic()
                yield told
                for _ in steps:
                    if page.now is not told or monotonic() - at >= _BEAT:  # so that who no longer waits can say so
                        told, at = page.now, monotonic()
                        yield told
        except ChatModelError as error:
            # Without its words: they may hold what was asked.
            _log.warning("the chat model failed: %s", error.reason)
        cut = page.is_late or reply.end is not End.WHOLE
        yield replace(page.last(), cut=cut, tokens=together(reply.tokens, page.tokens))

    def sentence(
        self, text: str, shown: Sequence[Passage], *, english: bool, until: float
    ) -> Generator[None, None, Judged]:
        """A sentence of the model's as it may be verified, if it may be shown; a step each short while that it is judged."""
        if len(text) > _LONGEST:
            return Judged()
        said, numbers = part(text)
        if not said or not numbers or not all(0 < number <= len(shown) for number in numbers):
            return Judged()
        if is_forbidden(said) or self._is_unsaid(said) or not speaks(said, english=english):
            return Judged()
        cited = [shown[number - 1] for number in numbers]
        if not all(_is_quoted(quoted, cited) for quoted in _QUOTED.findall(said)):
            return Judged()
        verdict = yield from self._supporter.judging(said, cited, english=english, until=until)
        if not verdict.is_supported:
            return Judged(tokens=verdict.tokens, late=verdict.reason is Reason.LATE)
        claims = (Claim(passage_id=one.cited.passage.id, quote=one.text) for one in verdict.evidence)
        sentence = DraftSentence(text=said, claims=tuple(claims), judged=True)
        return Judged(sentence=sentence, tokens=verdict.tokens)

    def verified(self, draft: Sequence[DraftSentence]) -> Verified:
        """The draft with its quotations found again."""
        return verify(draft, self._passages, self._publications, self._document)

    def _prompted(self, passage: Passage) -> PromptPassage:
        publication = self._publications[passage.publication_id]
        above = " > ".join((publication.title, *passage.headings))
        return PromptPassage(
            title=above, date=publication.date or "", text="\n".join(filter(None, (passage.context, passage.text)))
        )


def _is_quoted(quoted: str, cited: Sequence[Passage]) -> bool:
    """Whether a passage has these words; a quotation within a sentence may begin small."""
    return any(find_quote(passage, quoted[:1].upper() + quoted[1:]) or find_quote(passage, quoted) for passage in cited)


def _turns_to_a_machine(passage: Passage) -> bool:
    sentences = (passage.text[span.start : span.end] for span in split_sentences(passage.text))
    return orders_a_machine(passage.text) or any(map(orders_a_machine, sentences))


class _Page:
    """One answer while it is written, `until` then by the chat model's clock."""

    def __init__(self, writer: Writer, understood: Understood, shown: Sequence[Passage], *, until: float) -> None:
        self._writer = writer
        self._english = understood.language == "en"
        self._shown = shown
        self._until = until
        self._draft: list[DraftSentence] = []
        self._said: set[str] = set()
        self._in_a_row = 0
        self._removed = 0
        self.is_late = False  # a sentence could not be judged in time: there it ends
        self.tokens: Tokens | None = None  # of judging
        self.now = Written(verified=writer.verified(()))

    @property
    def is_over(self) -> bool:
        """Whether too much of it failed for the rest to be waited for."""
        return self._in_a_row >= _IN_A_ROW

    def read(self, reply: Reply) -> Generator[None, None, None]:
        """Take all that is said; a step after each piece, and each short while that one is waited for or judged."""
        cutter = SentenceCutter()
        for piece in reply:
            yield from self._take(cutter.feed(piece))
            if self.is_over or self.is_late:
                return
            yield
        if reply.end is End.WHOLE:  # a sentence that was cut is none
            yield from self._take(cutter.end())

    def _take(self, sentences: Sequence[str]) -> Generator[None, None, None]:
        for text in sentences:
            added = yield from self._add(text)
            if self.is_late:
                return
            self._in_a_row = 0 if added else self._in_a_row + 1
            self._removed += not added
            if self.is_over:
                return
            yield

    def last(self) -> Written:
        """The end of it."""
        failed = self.is_over or not self._draft
        cited = {citation.passage_id for citation in self.now.verified.citations}
        unused = any(passage.id not in cited for passage in self._shown)
        return replace(self.now, removed=self._removed, failed=failed, whole=not failed, unused=unused)

    def _add(self, text: str) -> Generator[None, None, bool]:
        try:
            judged = yield from self._writer.sentence(text, self._shown, english=self._english, until=self._until)
            self.is_late = judged.late
            self.tokens = together(self.tokens, judged.tokens)
            sentence = judged.sentence
            if sentence is None or fold(sentence.text) in self._said:
                return False
            verified = self._writer.verified([*self._draft, sentence])
        except (ArithmeticError, LookupError, OSError, RuntimeError, ValueError) as error:
            # A model may write anything; what cannot even be judged is not shown, and costs nobody the answer.
            _log.warning("a written sentence could not be judged: %s", type(error).__name__)
            return False
        if verified.removed:  # its evidence cannot be quoted
            return False
        self._draft.append(sentence)
        self._said.add(fold(sentence.text))
        self.now = Written(verified=verified, removed=self._removed)
        return True
