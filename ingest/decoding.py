"""Bytes of a text -> its characters, and which encoding they were in. Pure.

Tried in this order: a byte order mark, UTF-16 without one, UTF-8, what the file declares, and the encodings in which French
texts were saved before UTF-8. Whatever is not plain UTF-8 brings a warning that names the encoding. Refused (ReadError):
bytes that are no text in any of them.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from ingest.errors import ReadError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Windows first: on a draw, that is what a French text is.
_OLDER = ("cp1252", "mac-roman", "cp850")
_NAMES = {
    "cp1252": "Windows-1252",
    "mac-roman": "Mac Roman",
    "cp850": "code page 850",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
}
# Characters beyond ASCII that French texts are made of; another reading of the same bytes gives few of them.
_FRENCH = frozenset("àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŒÆ«»’‘“”–—…•·°€²³\xa0\u202f§№")
# What a text may hold below the space: tab, line feed, form feed, carriage return; vertical tab and escape are tolerated.
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_SAMPLE = 65536
_MOST_CONTROLS = 0.002  # of the characters; a text that a faulty export made may hold a stray one


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """The characters of a file. `encoding` is Python's name of it; `warning` is empty for UTF-8."""

    text: str
    encoding: str
    warning: str = ""


def decode_text(data: bytes, where: str, *, declared: str | None = None) -> Decoded:
    """The text in `data`, without its byte order mark. `declared` is the encoding that the file claims. Raises ReadError."""
    encoding = _marked(data) or _utf16(data)
    if encoding is not None:
        return _strict(data, encoding, where)
    decoded = _utf8(data) or _as_declared(data, declared) or _older(data)
    if decoded is None or not _is_text(decoded.text):
        raise ReadError(
            f"{where}: is no text in UTF-8, UTF-16 or Windows-1252, but looks like a binary file (name its type)"
        )
    return decoded


def looks_like_text(data: bytes) -> bool:
    """Whether the first bytes can be those of a text."""
    try:
        decode_text(data[:_SAMPLE], "")
    except ReadError:
        return False
    return True


def _marked(data: bytes) -> str | None:
    return next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)


def _utf16(data: bytes) -> str | None:
    """UTF-16 without a mark: in a French text nearly every second byte is zero, and hardly any other."""
    sample = data[: _SAMPLE - _SAMPLE % 2]
    pairs = len(sample) // 2
    if pairs < 2 or len(data) % 2:
        return None
    first, second = sample[0::2].count(0) / pairs, sample[1::2].count(0) / pairs
    if second > 0.8 and first < 0.01:
        return "utf-16-le"
    return "utf-16-be" if first > 0.8 and second < 0.01 else None


def _strict(data: bytes, encoding: str, where: str) -> Decoded:
    try:
        text = data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise ReadError(
            f"{where}: begins like {_name(encoding)}, but byte {error.start} is none (save it again as UTF-8)"
        ) from error
    if not _is_text(text):
        raise ReadError(f"{where}: begins like {_name(encoding)}, but looks like a binary file (name its type)")
    return Decoded(text=text, encoding=encoding, warning="" if encoding == "utf-8" else _warning(encoding))


def _utf8(data: bytes) -> Decoded | None:
    """UTF-8, also where a few bytes were damaged; None when it is another encoding."""
    try:
        return Decoded(text=data.decode("utf-8"), encoding="utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", errors="replace")
    damaged = text.count("\ufffd")
    sound = sum(1 for character in text if character > "\x7f") - damaged
    # In another encoding an accent is a byte that is no UTF-8: then hardly any character beyond ASCII is sound.
    if damaged * 10 > sound:
        return None
    return Decoded(text=text, encoding="utf-8", warning=f"characters that are no UTF-8, and were lost: {damaged}")


def _as_declared(data: bytes, declared: str | None) -> Decoded | None:
    """What the file says of itself, if that is an encoding and the bytes are in it; Latin-1 is read as Windows-1252."""
    try:
        name = codecs.lookup((declared or "").strip()).name
        encoding = "cp1252" if name in {"iso8859-1", "ascii"} else name
        if encoding == "utf-8" or encoding.startswith(("utf-16", "utf-32")):
            return None
        return Decoded(text=data.decode(encoding), encoding=encoding, warning=_warning(encoding))
    except (LookupError, UnicodeDecodeError, ValueError):
        return None


def _older(data: bytes) -> Decoded | None:
    """The one of the older encodings in which most of the characters beyond ASCII are French."""
    readings = [(encoding, data.decode(encoding, errors="replace")) for encoding in _OLDER]
    encoding, text = max(readings, key=lambda reading: _frenchness(reading[1]))
    if _frenchness(text) < 0.5 or text.count("\ufffd") * 10 > len(data):
        return None
    return Decoded(text=text, encoding=encoding, warning=_warning(encoding))


def _frenchness(text: str) -> float:
    beyond = [character for character in text if character > "\x7f"]
    return sum(character in _FRENCH for character in beyond) / len(beyond) if beyond else 1.0


def _is_text(text: str) -> bool:
    sample = text[:_SAMPLE]
    return "\0" not in text and len(_CONTROLS.findall(sample)) <= _MOST_CONTROLS * len(sample)


def _name(encoding: str) -> str:
    return _NAMES.get(encoding, encoding.upper())


def _warning(encoding: str) -> str:
    return f"is in {_name(encoding)}, not UTF-8; read as such"
