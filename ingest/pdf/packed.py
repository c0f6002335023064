"""A page's picture with its words <-> bytes: one line of JSON, then the picture. Pure, and without pdfium.

Refused (ValueError): bytes that `pack` did not give.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from ingest.document import Box
from ingest.pdf.quoted import PlacedWord

# What is drawn for the same bytes of a file: raised when that changes, so that kept pictures are made anew.
EDITION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePicture:
    """A page as it is seen: a WebP picture, its size in points, the words of its text layer in reading order."""

    webp: bytes
    width: float
    height: float
    words: tuple[PlacedWord, ...]


def pack(picture: PagePicture) -> bytes:
    """What is handed over, and kept: `unpack` gives it back."""
    words = [[word.line, word.text, *(round(edge, 2) for edge in word.box)] for word in picture.words]
    head = {"width": picture.width, "height": picture.height, "words": words}
    return json.dumps(head).encode() + b"\n" + picture.webp


def unpack(data: bytes) -> PagePicture:
    """The picture that was packed. Raises ValueError for anything else."""
    head, _, webp = data.partition(b"\n")
    try:
        row = json.loads(head)
        words = tuple(PlacedWord(line, text, Box(*box)) for line, text, *box in row["words"])
        width, height = float(row["width"]), float(row["height"])
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a picture of a page: {error!r}") from error
    if webp[:4] != b"RIFF" or webp[8:12] != b"WEBP":
        raise ValueError(f"not a picture of a page: it begins with {webp[:12]!r}")
    return PagePicture(webp=webp, width=width, height=height, words=words)
