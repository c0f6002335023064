"""What may go wrong with a request, one class per kind. An unanswerable question is a status, not an exception.

    RequestError
    └── MalformedRequest    not of the contract's form (HTTP 400)

Messages are French: they are shown to whoever asked.
"""

from __future__ import annotations


class RequestError(Exception):
    """A request that gets an answer of status `error`."""


class MalformedRequest(RequestError):
    """Not the object of the contract: wrong types, unknown filters."""
