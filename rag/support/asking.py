"""A chat model as the model of inference: it is asked whether the cited passages say what a written sentence says.

In: the evidence of a sentence, and the sentence. Out: 1 where it answers yes, 0 for everything else that it may say or fail
to say, with the tokens that it took, and whether the answer had no time left for it (`late`). Refuses nothing. It sees neither
the question nor the rest of the answer, and it is asked only about what the rules let pass: who talks it into a yes has gained
what the rules alone would have shown.
"""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Generator, Sequence

from rag.chat.client import ChatModel, Reply
from rag.chat.entail import EntailPrompt
from rag.chat.errors import ChatModelError
from rag.chat.run import End
from rag.support.judge import Entailment
from rag.support.traits import Extract

# The word alone; stars and quotation marks are a model's manner.
_YES = re.compile(r"[\s*_`\"'«]*oui[\s*_`\"'».!]*", re.IGNORECASE)
_log = logging.getLogger(__name__)


class AskedInference:
    """Asks one chat model, a request a sentence. Thread-safe."""

    def __init__(self, model: ChatModel, prompt: EntailPrompt) -> None:
        self._model = model
        self._prompt = prompt

    @property
    def is_paused(self) -> bool:
        """Whether it would not be asked now, since it failed too often just before."""
        return self._model.breaker.is_open

    def __call__(self, evidence: Sequence[Extract], sentence: str) -> Entailment:
        """Asked at once, on its own: the day's tokens may be used up for it."""
        heard = self._hear(self._ask(evidence, sentence), math.inf)
        while True:
            try:
                next(heard)
            except StopIteration as ended:
                entailed: Entailment = ended.value
                return entailed

    def asking(self, evidence: Sequence[Extract], sentence: str, *, until: float) -> Generator[None, None, Entailment]:
        """Asked for an answer under way that may take `until` then, by the model's clock; closing it closes the connection."""
        if self._model.clock() >= until:
            return Entailment(probability=0.0, late=True)
        return (yield from self._hear(self._ask(evidence, sentence, under_way=True), until))

    def _ask(self, evidence: Sequence[Extract], sentence: str, *, under_way: bool = False) -> Reply:
        """Of the passages of the evidence all is shown: a sentence of them alone may not say who "elle" is."""
        cited = {extract.cited.number: extract.cited for extract in evidence}
        passages = [
            (" > ".join(one.title.splitlines()), "\n".join(filter(None, (one.passage.context, one.passage.text))))
            for one in cited.values()
        ]
        messages = self._prompt.messages(sentence, passages)
        return self._model.stream(messages, ticking=under_way, under_way=under_way)

    def _hear(self, reply: Reply, until: float) -> Generator[None, None, Entailment]:
        said, late = "", False
        try:
            with reply:  # given up rather than too slow: that the answer has no time left is no failure of the judge's
                for piece in reply:
                    said += piece
                    if late := self._model.clock() >= until:
                        break
                    yield
        except ChatModelError as error:
            # Without its words: they may hold what was asked.
            _log.warning("the chat model did not judge: %s", error.reason)
        is_yes = reply.end is End.WHOLE and _YES.fullmatch(said) is not None
        return Entailment(probability=float(is_yes), tokens=reply.tokens, late=late)
