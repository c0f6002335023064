"""Pieces of a model's text -> the same without its reasoning, `<think>...</think>`. Refuses nothing.

What servers send apart (`reasoning_content`, blocks of type `thinking`) is no text to LangChain and never comes here. A
reasoning that is closed and was never opened cannot be told from an answer before it is closed: some chat templates open it
themselves, and a server for them must be told to send it apart (vLLM: `--reasoning-parser`).
"""

from __future__ import annotations

import re

_OPEN = re.compile(r"<(think|thinking|reasoning)>", re.IGNORECASE)
_TAGS = tuple(f"<{slash}{name}>" for slash in ("", "/") for name in ("think", "thinking", "reasoning"))


class ThinkingFilter:
    """Of one stream."""

    def __init__(self) -> None:
        self._held = ""
        self._inside = ""

    def feed(self, piece: str) -> str:
        """What may be given out by now; a beginning that may be of a tag waits."""
        self._held += piece
        given: list[str] = []
        while True:
            if self._inside:
                found = re.search(rf"</{self._inside}>", self._held, re.IGNORECASE)
                if found is None:
                    self._held = self._held[-len(f"</{self._inside}") :]
                    return "".join(given)
                self._inside = ""
            else:
                found = _OPEN.search(self._held)
                if found is None:
                    start = _tag_begins(self._held)
                    given.append(self._held[:start])
                    self._held = self._held[start:]
                    return "".join(given)
                given.append(self._held[: found.start()])
                self._inside = found[1]
            self._held = self._held[found.end() :]

    def end(self) -> str:
        """What was held and was no tag after all; nothing of a reasoning that was never closed."""
        rest = "" if self._inside else self._held
        self._held = ""
        return rest


def _tag_begins(text: str) -> int:
    """Where a tag begins that the next piece may complete; the length of `text` where none does."""
    start = text.rfind("<")
    tail = text[start:].lower()
    return start if start >= 0 and any(tag.startswith(tail) for tag in _TAGS) else len(text)
