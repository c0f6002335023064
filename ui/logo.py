"""A picture file -> the logo that pages show. It is read once, at start, and served from our own address.

Refused (ValueError): what is neither PNG nor SVG, more than 256 kB, a PNG larger than 2000 pixels on a side, an SVG with a
script, an event, embedded HTML or anything from another address. (The policy of every response forbids these too; a logo that
needs them would not look as it should.)
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from lxml import etree  # type: ignore[import-untyped]  # comes without types

from ingest.errors import ReadError
from ingest.zipped import safe_xml

MAX_BYTES = 256 * 1024
MAX_SIDE = 2000
_PNG = b"\x89PNG\r\n\x1a\n"
_SVG = "{http://www.w3.org/2000/svg}"
_REFUSED = frozenset({"script", "foreignobject", "iframe", "audio", "video", "handler", "set", "animate"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The bytes of a logo, and what they are."""

    data: bytes
    media_type: str


def read_logo(path: Path) -> Picture:
    """The picture in that file. Raises ValueError."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror or error}") from None
    if len(data) > MAX_BYTES:
        raise ValueError(f"{path} has more than {MAX_BYTES // 1024} kB (make it smaller)")
    if data.startswith(_PNG):
        _check_png(data, path)
        return Picture(data=data, media_type="image/png")
    _check_svg(data, path)
    return Picture(data=data, media_type="image/svg+xml")


def _check_png(data: bytes, path: Path) -> None:
    if len(data) < 24:
        raise ValueError(f"{path} is a PNG that was cut off")
    width, height = struct.unpack(">II", data[16:24])
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        raise ValueError(f"{path} has {width} x {height} pixels, at most {MAX_SIDE} on a side are taken")


def _check_svg(data: bytes, path: Path) -> None:
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ValueError(f"{path} declares a document type or entities (save it as plain SVG)")
    try:
        root = safe_xml(data, str(path), "the picture")
    except ReadError:
        raise ValueError(f"{path} is neither a PNG nor a sound SVG") from None
    if root.tag != f"{_SVG}svg":
        raise ValueError(f"{path} is neither a PNG nor an SVG")
    for element in root.iter():
        _check_element(element, path)


def _check_element(element: etree._Element, path: Path) -> None:
    name = etree.QName(element).localname.casefold()
    if name in _REFUSED:
        raise ValueError(f"{path} holds <{name}>, which a logo may not (save it as plain SVG)")
    text = f"{element.text or ''}" if name == "style" else ""
    for attribute, value in element.attrib.items():
        key = etree.QName(attribute).localname.casefold()
        if key.startswith("on"):
            raise ValueError(f"{path} holds the attribute {key}, which a logo may not (save it as plain SVG)")
        outward = key == "href" and not str(value).startswith(("#", "data:image/png;", "data:image/jpeg;"))
        if outward:
            raise ValueError(
                f"{path} points elsewhere ({value[:60]}), which a logo may not (embed it, or leave it out)"
            )
        text += f" {value}" if "url(" in str(value) else ""
    if "@import" in text or any(not part.lstrip(" \"'").startswith("#") for part in text.split("url(")[1:]):
        raise ValueError(f"{path} has a style that points elsewhere, which a logo may not")
