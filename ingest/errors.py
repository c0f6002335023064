"""What may go wrong in ingestion, one class per stage.

    IngestError
    ├── UsageError       a command that cannot be carried out as it was called: exit status 2
    ├── CatalogueError   the catalogue itself cannot be read (a bad line of it is a Problem, not an exception)
    ├── ReadError        the bytes of one publication cannot be read: the build lists it and goes on
    ├── EmbedderError    the embedding model cannot be found, unpacked or run
    ├── IndexMissing     there is no index where one is expected
    ├── IndexMismatch    an index was built with another embedder or analyser than the one it is opened with
    ├── FetchError       a publication cannot be fetched (ingest.fetch.errors tells which ways there are)
    └── BuildError       nothing could be built, or a build failed its own check

A message says what, where, what was found, what was expected and what to do next; `str(error)` is fit to be shown to
the operator as it is.
"""

from __future__ import annotations


class IngestError(Exception):
    """Anything that ingestion refuses. Entry points turn it into a message and exit status 1."""


class UsageError(IngestError):
    """The command was called in a way that cannot be carried out: exit status 2."""


class CatalogueError(IngestError):
    """There is no `catalogue.jsonl`, or it cannot be read at all."""


class ReadError(IngestError):
    """The bytes of one publication are missing, or are not what they are said to be."""


class EmbedderError(IngestError):
    """The embedding model cannot be found, unpacked or run."""


class IndexMissing(IngestError):
    """There is no index where one is expected, or its pointer names nothing."""


class IndexMismatch(IngestError):
    """The index was built with another embedder or analyser than the one it is opened with."""


class BuildError(IngestError):
    """Nothing could be built, or what was built failed its check."""
