"""Publications -> their passages, and their documents written into the build: each is let go once it is cut.

A document comes from the cache when nothing of it changed, otherwise from a reader process. Out: passages in the catalogue's
order, copies merged; who was read, what was left out, and why. The memory it takes is that of the passages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.catalogue import Catalogue
from ingest.digests import Digests
from ingest.document import Document, Passage, Publication
from ingest.document_cache import DocumentCache
from ingest.index.documents import write_document
from ingest.passages import collapse_copies, cut_passages
from ingest.progress import Progress
from ingest.read import Unread
from ingest.reading import Limits, Outcome, read_parallel
from ingest.report import PublicationReport, publication_report
from ingest.territories import Gazetteer


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What there is to index. `entries` are by publication, `cached` of them were not read anew.

    The `sha256` of a publication is that of the file that was read, whatever the catalogue says.
    """

    publications: tuple[Publication, ...]
    passages: tuple[Passage, ...]
    entries: tuple[PublicationReport, ...]
    unread: tuple[Unread, ...]

    @property
    def cached(self) -> int:
        """How many documents came from the cache."""
        return sum(entry.cached for entry in self.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where documents come from: the corpus, the digests of its files, the bounds of reading, the cache if there is one."""

    corpus: Path
    digests: Digests
    limits: Limits
    cache: DocumentCache | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """One publication's share, without its texts; `document` keeps what the report tells of it."""

    document: Document
    passages: tuple[Passage, ...]
    seconds: float
    cached: bool


def gather(source: Source, catalogue: Catalogue, gazetteer: Gazetteer, folder: Path, progress: Progress) -> Gathered:
    """Read what is to be read and write each document under `folder`. Raises OSError, BuildError as its parts do."""
    found: dict[int, _Found] = {}
    refused: dict[int, str] = {}
    publications = catalogue.publications
    # Before they are read: a file that is replaced meanwhile is not taken for the one whose text we have.
    digests = [_digest(source, publication) for publication in publications]
    with progress("reading", len(publications), "publications") as advance:
        for outcome, cached in _outcomes(source, publications):
            advance(1)
            if outcome.document is None:
                refused[outcome.number] = outcome.reason
                continue
            write_document(folder, outcome.document)
            found[outcome.number] = _Found(
                passages=cut_passages(outcome.document, gazetteer),
                document=_without_texts(outcome.document, digests[outcome.number]),
                seconds=outcome.seconds,
                cached=cached,
            )
    ordered = [found[number] for number in sorted(found)]
    passages = collapse_copies(passage for one in ordered for passage in one.passages)
    homes = Counter(passage.publication_id for passage in passages)
    unread = [Unread(publication=problem.id, reason=problem.message) for problem in catalogue.problems]
    unread += [Unread(publication=publications[number].id, reason=refused[number]) for number in sorted(refused)]
    return Gathered(
        publications=tuple(one.document.publication for one in ordered),
        passages=passages,
        entries=tuple(_entry(one, homes) for one in ordered),
        unread=tuple(unread),
    )


def _outcomes(source: Source, publications: Sequence[Publication]) -> Iterator[tuple[Outcome, bool]]:
    """An outcome for each publication, and whether the cache had it."""
    missing: list[int] = []
    for number, publication in enumerate(publications):
        key = _key(source, publication)
        document = source.cache.get(key) if source.cache and key else None
        if document is None:
            missing.append(number)
        else:
            yield Outcome(number=number, document=document), True
    keep = _keeper(source, publications)
    for outcome in read_parallel(source.corpus, [publications[number] for number in missing], source.limits):
        number = missing[outcome.number]
        if outcome.document is not None:
            keep(number, outcome.document)
        yield (
            Outcome(number=number, document=outcome.document, reason=outcome.reason, seconds=outcome.seconds),
            False,
        )


def _key(source: Source, publication: Publication) -> str:
    """The cache's name for the publication; empty when nothing of it may be kept."""
    digest = _digest(source, publication)
    return source.cache.key(publication, digest) if source.cache and digest else ""


def _digest(source: Source, publication: Publication) -> str:
    """The digest of the publication's file; empty when it may not be read, or is not there."""
    if publication.file is None or publication.access != "public":
        return ""
    return source.digests.of(source.corpus / publication.file)


def _keeper(source: Source, publications: Sequence[Publication]) -> Callable[[int, Document], None]:
    """Puts documents into the cache under what their files held before they were read."""
    keys = {number: _key(source, publication) for number, publication in enumerate(publications)}

    def keep(number: int, document: Document) -> None:
        # A file that was changed while it was read may have given a document of either state.
        if source.cache and keys[number] and _key(source, publications[number]) == keys[number]:
            source.cache.put(keys[number], document)

    return keep


def _without_texts(document: Document, digest: str) -> Document:
    return Document(
        publication=replace(document.publication, sha256=digest or None),
        raw="",
        text="",
        pages=document.pages,
        ocr_pages=document.ocr_pages,
        warnings=document.warnings,
    )


def _entry(one: _Found, homes: Counter[str]) -> PublicationReport:
    return publication_report(
        one.document, one.passages, homes[one.document.publication.id], seconds=one.seconds, cached=one.cached
    )
