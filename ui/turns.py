"""The conversation as the page sends it back -> its turns: what was asked, the plain text that answered it, its status.

The page holds the conversation, and this reads our own HTML (`ui.render`) out of it, so that the server keeps nothing. What a
client has changed in it is no more than a question that it could have typed. Refuses nothing: what is not ours gives no turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html.parser import HTMLParser
from typing import Any

from rag.answer import Status, Turn

# More turns than a follow-up is completed from are not read.
_TURNS = 5
_BLOCKS = frozenset({"p", "li", "h4"})
_STATUSES = frozenset(status.value for status in Status)


def turns_of(conversation: Sequence[Mapping[str, Any]]) -> tuple[Turn, ...]:
    """The latest turns, oldest first."""
    turns: list[Turn] = []
    question: str | None = None
    for html in map(_content, conversation):
        asked, said, status = _read(html)
        if asked is not None:
            question = asked
        elif said is not None and question is not None:
            turns.append(Turn(question=question, text=said, status=status))
            question = None
    return tuple(turns[-_TURNS:])


def _content(message: Mapping[str, Any]) -> str:
    """A message's text; Gradio sends a list of parts where it was given a text."""
    content = message.get("content")
    if isinstance(content, str):
        return content
    parts: Iterable[object] = content if isinstance(content, list) else ()
    return "".join(str(part.get("text", "")) if isinstance(part, dict) else str(part) for part in parts)


def _read(html: str) -> tuple[str | None, str | None, Status | None]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    asked = " ".join("".join(reader.asked).split()) if reader.asked is not None else None
    said = "\n".join(" ".join(line.split()) for line in "".join(reader.said).splitlines() if line.strip())
    return asked, said if reader.answers else None, reader.status


class _Reader(HTMLParser):
    """Text of `.asked` and of the first `.answer-text`, without what is for screen readers alone; status of `.answer`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.asked: list[str] | None = None
        self.said: list[str] = []
        self.answers = False
        self.status: Status | None = None
        self._open: list[tuple[str, frozenset[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Opens an element; a block begins a line, and an item is told by its dash."""
        classes = frozenset((dict(attrs).get("class") or "").split())
        self._open.append((tag, classes))
        if "asked" in classes and self.asked is None:
            self.asked = []
        self.answers = self.answers or "answer-text" in classes
        if "answer" in classes and self.status is None:
            self.status = next((Status(name) for name in sorted(classes & _STATUSES)), None)
        if tag in _BLOCKS and self._within("answer-text"):
            self.said.append("\n- " if tag == "li" else "\n")

    def handle_endtag(self, tag: str) -> None:
        """Closes the innermost element of that name."""
        for position in range(len(self._open) - 1, -1, -1):
            if self._open[position][0] == tag:
                del self._open[position:]
                return

    def handle_data(self, data: str) -> None:
        """Text belongs to what is open around it."""
        if self._within("sr"):
            return
        if self.asked is not None and self._within("asked"):
            self.asked.append(data)
        elif self._within("answer-text"):
            self.said.append(f"[{data}]" if self._within("cite") else data)

    def _within(self, name: str) -> bool:
        return any(name in classes for _, classes in self._open)
