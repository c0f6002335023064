"""What may go wrong with a request, one class per kind. An unanswerable question is a status, not an exception.

    RequestError
    ├── MalformedRequest    not of the contract's form (HTTP 400)
    └── UnsupportedRequest  of the form, but asks for what is refused (HTTP 422)

Messages are French: they are shown to whoever asked.
"""

from __future__ import annotations


class RequestError(Exception):
    """A request that gets an answer of status `error`."""


class MalformedRequest(RequestError):
    """Not the object of the contract: wrong types, unknown filters."""


class UnsupportedRequest(RequestError):
    """Of the contract's form, but asking for what this version refuses."""
