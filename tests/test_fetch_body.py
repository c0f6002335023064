"""Bodies come out of their encoding in small pieces, whatever a site has put into them."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fetch.body import PIECE, decoded
from ingest.fetch.errors import FetchError, Temporary

TEXT = "Une pièce jointe. ".encode() * 200


def cut(data: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


def whole(data: bytes, encoding: str, size: int = 100) -> bytes:
    return b"".join(decoded(cut(data, size), encoding))


@pytest.mark.parametrize("encoding", ["", "identity", " Identity "])
def test_what_is_not_encoded_passes_as_it_is(encoding: str) -> None:
    assert whole(TEXT, encoding) == TEXT


@given(data=st.binary(max_size=4000), size=st.integers(1, 5000), members=st.integers(1, 3))
def test_any_bytes_come_out_of_gzip_however_they_arrive(data: bytes, size: int, members: int) -> None:
    packed = gzip.compress(data) * members

    assert whole(packed, "gzip", size) == data * members


@pytest.mark.parametrize("encoding", ["deflate", "Deflate ", "x-gzip", "gzip"])
def test_deflate_is_read_with_its_header(encoding: str) -> None:
    assert whole(zlib.compress(TEXT), encoding) == TEXT


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "x" * 500])
def test_an_encoding_that_was_not_asked_for_is_named(encoding: str) -> None:
    with pytest.raises(FetchError, match="which was not asked for") as refused:
        whole(TEXT, encoding)

    assert len(str(refused.value)) < 120


def test_bytes_that_are_not_in_their_encoding_are_refused() -> None:
    bare = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    without_header = bare.compress(TEXT) + bare.flush()

    for data in (TEXT, without_header):
        with pytest.raises(FetchError, match="is not deflate, as its Content-Encoding says"):
            whole(data, "deflate")


def test_damaged_bytes_are_refused() -> None:
    packed = bytearray(gzip.compress(TEXT))
    packed[-5] ^= 1  # of the check sum

    with pytest.raises(FetchError, match="is not gzip"):
        whole(bytes(packed), "gzip")


@pytest.mark.parametrize("kept", [1, 10, 30, -1])
def test_an_encoded_body_that_ends_early_may_be_asked_for_again(kept: int) -> None:
    with pytest.raises(Temporary, match="ends before the end of its encoding"):
        whole(gzip.compress(TEXT)[:kept], "gzip")


def test_a_body_without_a_byte_is_an_empty_one() -> None:
    assert whole(b"", "gzip") == b""


def test_a_bomb_comes_out_a_megabyte_at_a_time_and_only_as_far_as_it_is_read() -> None:
    bomb = gzip.compress(bytes(200 * PIECE))
    pieces = decoded(iter([bomb]), "gzip")

    first = [len(next(pieces)) for _ in range(3)]

    assert all(0 < size <= PIECE for size in first)
