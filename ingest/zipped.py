"""A document that is a zip (DOCX, ODT) -> checked before any library opens it. Pure; ReadError on what is refused.

Refused: a broken zip, a password, a member that the format must have missing, more than 200 MB or 10,000 members unpacked, a
member packed more than 200 times smaller than it is, XML that declares entities (no office program writes any).
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence

from lxml import etree  # type: ignore[import-untyped]  # comes without types

from ingest.errors import ReadError

MAX_UNPACKED = 200_000_000
MAX_MEMBERS = 10_000
MAX_RATIO = 200  # text packs 10 to 50 times smaller
_SMALL = 1_000_000  # bytes that need no ratio: a short member of blanks packs 500 times smaller
_HEAD = 4096
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError)


def check_zip(data: bytes, where: str, kind: str, needed: Sequence[str]) -> None:
    """Raises ReadError unless `data` is a zip with the `needed` members, fit to be unpacked. `kind` is said in messages."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check_sizes(members, where)
            missing = [name for name in needed if name not in archive.namelist()]
            if missing:
                raise ReadError(f"{where}: is no {kind}: it lacks {', '.join(missing)} (save it again)")
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    _check_xml(archive, member, where)
    except BROKEN as error:
        raise ReadError(f"{where}: is a broken {kind} ({error}); fetch or save it again") from error


def safe_xml(data: bytes, where: str, member: str) -> etree._Element:
    """The root of a member; entities are not resolved, nothing is fetched. Raises ReadError."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser=parser)
    except etree.XMLSyntaxError as error:
        raise ReadError(f"{where}: {member} in it is no sound XML ({error}); save it again") from error


def _check_sizes(members: Sequence[zipfile.ZipInfo], where: str) -> None:
    unpacked = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED:
        raise ReadError(
            f"{where}: unpacks to {len(members)} files and {unpacked / 1e6:.0f} MB, at most {MAX_MEMBERS} files and "
            f"{MAX_UNPACKED / 1e6:.0f} MB are read (split it, or save it without its pictures)"
        )
    for member in members:
        if member.flag_bits & 1:
            raise ReadError(f"{where}: needs a password (save it without one)")
        if member.file_size > _SMALL and member.file_size > MAX_RATIO * max(member.compress_size, 1):
            raise ReadError(
                f"{where}: {member.filename} in it unpacks {member.file_size // max(member.compress_size, 1)} times larger, "
                f"at most {MAX_RATIO} times is read (it may be made to fill a memory; save it again)"
            )


def _check_xml(archive: zipfile.ZipFile, member: zipfile.ZipInfo, where: str) -> None:
    with archive.open(member) as opened:
        head = opened.read(_HEAD).replace(b"\0", b"")
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise ReadError(
            f"{where}: {member.filename} in it declares entities, which no office program does (save it again)"
        )
