"""A follow-up and what was said before it -> the messages that ask a chat model for one question that stands alone.

As `rag.chat.prompt`, whose defences are used, over the template in `rewrite.fr.md`: questions and answers come from a page that
nobody vouches for, and are data. Refused (ValueError): a template without its parts.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from rag.answer import Turn
from rag.chat.prompt import barred, one_line, read_template
from rag.request import MAX_QUESTION

REWRITE_TEMPLATE = Path(__file__).with_name("rewrite.fr.md")


@dataclass(frozen=True, slots=True, kw_only=True)
class RewritePrompt:
    """The template, read. `version` changes with every word of it."""

    version: str
    system: Template
    turn: Template
    user: Template

    def messages(self, question: str, turns: Sequence[Turn], *, nonce: str | None = None) -> list[BaseMessage]:
        """`turns` as they are to be shown, oldest first; `nonce` is drawn anew for each request unless given."""
        nonce = nonce or secrets.token_hex(8)
        said = [
            self.turn.substitute(number=number, nonce=nonce, question=one_line(turn.question), text=barred(turn.text))
            for number, turn in enumerate(turns, start=1)
        ]
        asked = self.user.substitute(nonce=nonce, turns="\n\n".join(said), question=one_line(question))
        return [SystemMessage(self.system.substitute(nonce=nonce, characters=MAX_QUESTION)), HumanMessage(asked)]


def load_rewrite_prompt(path: Path = REWRITE_TEMPLATE) -> RewritePrompt:
    """Raises ValueError when a part or the version is missing; OSError when the file is."""
    version, parts = read_template(path, ("system", "turn", "user"))
    return RewritePrompt(version=version, **parts)
