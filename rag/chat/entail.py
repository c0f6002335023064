"""A written sentence and the passages it cites -> the messages that ask a chat model whether they say it.

As `rag.chat.prompt`, whose defences are used, over the template in `entail.fr.md`: a model wrote the sentence, nobody vouches
for the passages, and both are data. Refused (ValueError): a template without its parts.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from rag.chat.prompt import barred, one_line, read_template

ENTAIL_TEMPLATE = Path(__file__).with_name("entail.fr.md")


@dataclass(frozen=True, slots=True, kw_only=True)
class EntailPrompt:
    """The template, read. `version` changes with every word of it."""

    version: str
    system: Template
    passage: Template
    user: Template

    def messages(
        self, sentence: str, passages: Sequence[tuple[str, str]], *, nonce: str | None = None
    ) -> list[BaseMessage]:
        """`passages`: title and text of each; `nonce` is drawn anew for each request unless given."""
        nonce = nonce or secrets.token_hex(8)
        shown = [
            self.passage.substitute(number=number, nonce=nonce, title=one_line(title), text=barred(text))
            for number, (title, text) in enumerate(passages, start=1)
        ]
        asked = self.user.substitute(nonce=nonce, passages="\n\n".join(shown), sentence=one_line(sentence))
        return [SystemMessage(self.system.substitute(nonce=nonce)), HumanMessage(asked)]


def load_entail_prompt(path: Path = ENTAIL_TEMPLATE) -> EntailPrompt:
    """Raises ValueError when a part or the version is missing; OSError when the file is."""
    version, parts = read_template(path, ("system", "passage", "user"))
    return EntailPrompt(version=version, **parts)
