"""Downloaded bytes -> a file of the corpus, named after its publication and its type; and what a page links to.

In: the partial file, the id, the media type. Out: `files/<id>.<ending>`, there as a whole or not at all. Refused (FetchError):
a name that another line's file has.
"""

from __future__ import annotations

import html
import re
from pathlib import Path, PurePosixPath
from urllib.parse import urljoin, urlsplit

from ingest.catalogue import load_catalogue
from ingest.fetch.errors import FetchError
from ingest.fetch.media import ENDINGS, TEXTS

FOLDER = "files"
MAX_LINKED = 5  # a publication's page links to a file or two; a list of all that a page links to would say nothing

_DOCUMENTS = frozenset(ending for media_type, ending in ENDINGS.items() if media_type not in TEXTS)
# Bounded on all sides: a page may be anything.
_LINKED = re.compile(rb"""<a\s[^>]{0,200}?href\s*=\s*["']([^"'<>]{1,2000})["']""", re.IGNORECASE)
_LINKED_IN = 1_000_000  # bytes of a page that are searched


def store(corpus: Path, identifier: str, part: Path, media_type: str) -> str:
    """Move `part` to its place; its path in the corpus. Raises FetchError, OSError."""
    file = f"{FOLDER}/{identifier}{ENDINGS[media_type]}"
    target = corpus / file
    # Only a file that is there can be another's; reading a long catalogue for each file would cost more than the file.
    for other in load_catalogue(corpus).publications if target.exists() else ():
        if other.file and other.id != identifier and (corpus / other.file).resolve() == target.resolve():
            raise FetchError(f'{file} is the file of {other.id}: rename that file, and its line\'s "file"')
    target.parent.mkdir(exist_ok=True)
    part.replace(target)
    return file


def linked_documents(page: bytes, url: str) -> list[str]:
    """Addresses of documents (PDF, DOCX, ODT) that a web page links to, in its order, the first MAX_LINKED."""
    found: dict[str, None] = {}
    for match in _LINKED.finditer(page[:_LINKED_IN]):
        try:
            link = urljoin(url, html.unescape(match[1].decode("utf-8", errors="replace")).strip())
            parts = urlsplit(link)
        except ValueError:  # no address: not ours to mend
            continue
        if parts.scheme in {"http", "https"} and PurePosixPath(parts.path).suffix.lower() in _DOCUMENTS:
            found[link] = None
    return list(found)[:MAX_LINKED]
