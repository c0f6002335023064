"""Blocks -> Markdown (CommonMark), UTF-8. Pure. What a text holds is text: nothing in it becomes markup, HTML or a link."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote

from ui.export_blocks import Block, Heading, Line, Paragraph, Run

_MARKUP = re.compile(r"([\\`*_\[\]<>#&|~$!])")
_LIST_MARK = re.compile(r"^(\s*)([-+=]|\d{1,9}(?=[.)]))")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_IN_ADDRESS = "-._~:/?#[]@!$&'*+,;=%"


def markdown_of(title: str, blocks: Sequence[Block]) -> bytes:
    """The document, with its title as the first heading."""
    parts = [f"# {_escaped(title)}", *map(_block, blocks)]
    return ("\n\n".join(parts) + "\n").encode("utf-8", "replace")


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"{'#' * block.level} {_escaped(block.text)}"
    if isinstance(block, Paragraph):
        return _line(block.line)
    return "\n".join(f"- {_line(line)}" for line in block.lines)


def _line(line: Line) -> str:
    text = "".join(map(_run, line)).strip()
    return _LIST_MARK.sub(_shielded, text)


def _shielded(match: re.Match[str]) -> str:
    """What would begin a list: its sign, or a digit's dot, made plain."""
    space, mark = match.groups()
    return f"{space}\\{mark}" if not mark.isdecimal() else f"{space}{mark}\\"


def _run(run: Run) -> str:
    text = _escaped(run.text)
    if run.url:
        return f"[{text}]({quote(run.url, safe=_IN_ADDRESS, errors='replace')})"
    bare = text.strip()
    return text.replace(bare, f"*{bare}*") if run.title and bare else text


def _escaped(text: str) -> str:
    """On one line; a control character, which would part an emphasis from the space that it needs around it, is a space."""
    return _MARKUP.sub(r"\\\1", _CONTROL.sub(" ", text))
