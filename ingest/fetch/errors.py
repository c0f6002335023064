"""What may go wrong when a publication is fetched.

FetchError        this publication is not fetched: the run lists it and goes on
├── Forbidden     an address or a robots.txt that must not be asked: trying again is no use
├── Temporary     a busy site or a broken connection: trying again may help
└── NoContact     nothing may be fetched at all before the operator says who asks
"""

from __future__ import annotations

from ingest.errors import IngestError, UsageError


class FetchError(IngestError):
    """One address could not be fetched."""


class Forbidden(FetchError):
    """The address is not public, is not http, or robots.txt forbids it."""


class Temporary(FetchError):
    """Trying again may help; `wait` is how many seconds the site asked to wait first, None where it did not say."""

    def __init__(self, message: str, *, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


class NoContact(FetchError, UsageError):
    """No contact address is set: a site must be able to reach whoever fetches from it."""


class UnknownId(FetchError, UsageError):
    """An id that was asked for, and that no good line of the catalogue has."""
