"""What came, what was expected -> the media type under which it is kept, and its file name's ending.

In: the type that the bytes show (`ingest.sniff`), and what the catalogue, the site and the address say. Out: a type that is
read. Refused (FetchError): what no reader reads, and a page where a document was expected: sites answer with a login or an
error page, and call it the document.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import urlsplit

from ingest.fetch.errors import FetchError

ENDINGS = {
    "application/pdf": ".pdf",
    "text/html": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.oasis.opendocument.text": ".odt",
}
TEXTS = frozenset({"text/html", "text/plain", "text/markdown"})


def kept_type(found: str, *, said: str | None, declared: str | None, url: str) -> str:
    """The type of bytes that look like `found`: `said` is the catalogue's, `declared` the site's. Raises FetchError."""
    if found not in ENDINGS:
        raise FetchError(f"what came is {found}, which is not read")
    by_line, by_site, by_name = _known(said), _known(declared), _of_address(url)
    for expected, who in (
        (by_line, "the catalogue says"),
        (by_site, "the site says"),
        (by_name, "its address ends as"),
    ):
        if expected is not None and found in TEXTS and expected not in TEXTS:
            raise FetchError(f"what came is {found}, {who} {expected}: a login or an error page?")
    if by_line == "text/plain" and found == "text/html":
        raise FetchError("what came is text/html, the catalogue says text/plain: a login or an error page?")
    if found != "text/plain":
        return found
    # Plain text shows no type of its own: Markdown, and a page that is a fragment, are what they are said to be. The word
    # of a site that calls all of them plain counts for nothing.
    if by_line in TEXTS:
        return by_line
    return next((expected for expected in (by_site, by_name) if expected in TEXTS and expected != found), found)


def _known(said: str | None) -> str | None:
    media_type = (said or "").split(";")[0].strip().lower()
    return media_type if media_type in ENDINGS else None


def _of_address(url: str) -> str | None:
    ending = PurePosixPath(urlsplit(url).path).suffix.lower()
    return next((media_type for media_type, known in ENDINGS.items() if known == ending), None)
