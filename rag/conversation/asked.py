"""A typed follow-up, taken apart, and what was said before it. Values and pure functions; refuses nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.index.analyser import analyse
from ingest.territories import Gazetteer
from rag.conversation import wording
from rag.conversation.wording import folded
from rag.language import ENGLISH_WORDS, asked_for
from rag.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What is known of the world: places, and what is in the field."""

    gazetteer: Gazetteer
    scope: Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """A question that stands alone.

    `follow_up`: it was completed; `detailed`: more of the same is asked for; `point`: the words of the point of the answer that
    it is about; `no_such_point`: it names a point that the answer does not have; `unsure`: what was typed was only put beside
    the subject of what was asked before, or leans on something and no rule completed it.
    """

    question: str
    follow_up: bool = False
    detailed: bool = False
    point: str = ""
    no_such_point: bool = False
    unsure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was said before: the latest question that stands alone, the text that answered last, the point last gone into."""

    topic: str = ""
    text: str = ""
    point: str = ""

    @property
    def focus(self) -> str:
        """What a pronoun stands for: the point that was gone into, else what was asked."""
        return self.point or self.topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A typed question without opener and politeness, as written and folded. `opened`: it began with "et" or the like."""

    typed: str
    text: str
    plain: str
    opened: bool

    @classmethod
    def of(cls, typed: str) -> Asked:
        """`typed` must be clean."""
        plain = folded(typed)
        opener = wording.OPENERS.match(plain)
        start = opener.end() if opener else 0
        kept = wording.POLITE.sub(lambda found: "\0" * len(found.group()), plain[start:])
        text = "".join(char for char, mark in zip(typed[start:], kept, strict=True) if mark != "\0").strip(" ?.!,;:…")
        return cls(typed=typed, text=text, plain=folded(text), opened=bool(opener))

    @property
    def words(self) -> int:
        """How many there are."""
        return len(self.plain.split())

    @property
    def asks(self) -> bool:
        """Whether it has a question word of its own."""
        return wording.QUESTION_WORD.search(self.plain) is not None

    def content(self, *, asking: bool = False) -> frozenset[str]:
        """The terms of its subject, without question words and English grammar; those that only ask, if wanted, too."""
        kept = wording.QUESTION_WORD.sub(lambda found: " " * len(found.group()), self.plain)
        words = (
            self.text[found.start() : found.end()]
            for found in re.finditer(r"\S+", kept)
            if found.group() not in ENGLISH_WORDS
        )
        text = " ".join(words)
        return frozenset(analyse(text)) if asking else asked_for(text, or_all=False)

    def own(self, topic: str) -> frozenset[str]:
        """The terms of its subject that the topic does not have."""
        return self.content() - frozenset(analyse(topic))

    def is_whole(self, topic: str) -> bool:
        """Whether it asks something of its own: a question word and a subject of two terms."""
        return self.asks and len(self.own(topic)) >= wording.WHOLE and not wording.has_pronoun(self.text)
