"""A chat model as the model of inference: it is asked whether the cited passages say what a written sentence says.

In: the evidence of a sentence, and the sentence. Out: 1 where it answers yes, 0 for everything else that it may say or fail
to say, with the tokens that it took. Refuses nothing. It sees neither the question nor the rest of the answer, and it is asked
only about what the rules let pass: who talks it into a yes has gained what the rules alone would have shown.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

from rag.chat.client import ChatModel
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

    def __call__(self, evidence: Sequence[Extract], sentence: str) -> Entailment:
        """Of the passages of the evidence all is shown: a sentence of them alone may not say who "elle" is."""
        cited = {extract.cited.number: extract.cited for extract in evidence}
        passages = [
            (" > ".join(one.title.splitlines()), "\n".join(filter(None, (one.passage.context, one.passage.text))))
            for one in cited.values()
        ]
        reply = self._model.stream(self._prompt.messages(sentence, passages))
        said = ""
        try:
            with reply:
                said = "".join(reply)
        except ChatModelError as error:
            # Without its words: they may hold what was asked.
            _log.warning("the chat model did not judge: %s", error.reason)
        is_yes = reply.end is End.WHOLE and _YES.fullmatch(said) is not None
        return Entailment(probability=float(is_yes), tokens=reply.tokens)
