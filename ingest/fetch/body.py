"""The bytes of a body as they come -> the same without its encoding, in small pieces.

`Accept-Encoding: identity` is what we ask for; gzip and deflate are undone all the same, for servers that do not listen, never
more than a megabyte at a time, so that whoever counts can stop a bomb. Refused (FetchError): other encodings, and bytes
that are not what the header says. Temporary: an encoded body that ends before its end.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from ingest.fetch.errors import FetchError, Temporary

PIECE = 1 << 20
GZIP_OR_ZLIB = zlib.MAX_WBITS | 32


def decoded(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The body's bytes without its `encoding`, the value of the Content-Encoding header."""
    match encoding.strip().lower():
        case "" | "identity":
            yield from pieces
        case "gzip" | "x-gzip" | "deflate":
            yield from _inflated(pieces, encoding)
        case _:
            raise FetchError(f"the answer's Content-Encoding is {encoding[:40]!r}, which was not asked for")


def _inflated(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    inflate = zlib.decompressobj(GZIP_OR_ZLIB)
    started = False
    try:
        for data in pieces:
            rest = data
            while rest:
                if inflate.eof:  # a gzip file may have several members, one after the other
                    inflate = zlib.decompressobj(GZIP_OR_ZLIB)
                started = True
                out = inflate.decompress(rest, PIECE)
                rest = inflate.unused_data if inflate.eof else inflate.unconsumed_tail
                if out:
                    yield out
    except zlib.error as error:
        raise FetchError(f"the answer is not {encoding.strip()}, as its Content-Encoding says: {error}") from error
    if started and not inflate.eof:
        raise Temporary("the answer ends before the end of its encoding")
