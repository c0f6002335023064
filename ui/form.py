"""A form as a browser sends it -> its fields. Pure.

In: the content type and body of a POST, or a query string. Out: the fields, each a tuple of texts in the order sent. Refused
(BadForm, with a status and a reason in French): another content type, what is not UTF-8, too many fields, a field that
stands twice and may not, one that is too long. Fields that are not known are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

from ui import texts_plain as texts

TYPE = "application/x-www-form-urlencoded"
MAX_BODY = 256 * 1024
_MAX_FIELDS = 200
_LONGEST = 200
# A question beyond the limit is told so by the assistant, with its length.
_LONGER = {"question": 20_000, "suite": 20_000, "conversation": MAX_BODY}

Fields = Mapping[str, tuple[str, ...]]


class BadForm(Exception):
    """A form that is not taken: the HTTP status, a reason in French, the fields as far as they were read, the one at fault."""

    def __init__(self, status: int, reason: str, *, fields: Fields | None = None, fault: str = "question") -> None:
        super().__init__(reason)
        self.status, self.reason, self.fields, self.fault = status, reason, fields or {}, fault


def read_body_fields(
    content_type: str | None, body: bytes | None, known: frozenset[str], many: frozenset[str]
) -> Fields:
    """The fields of a POST; `body` is None where it was too large. Raises BadForm."""
    if body is None:
        raise BadForm(413, texts.TOO_LARGE)
    if (content_type or "").partition(";")[0].strip().casefold() != TYPE:
        raise BadForm(415, texts.NOT_A_FORM)
    return read_fields(body, known, many)


def read_fields(encoded: bytes, known: frozenset[str], many: frozenset[str]) -> Fields:
    """The fields of `known` names; those in `many` may stand more than once. Raises BadForm."""
    try:
        pairs = parse_qsl(encoded.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=_MAX_FIELDS)
    except UnicodeDecodeError:
        raise BadForm(400, texts.NOT_UTF8) from None
    except ValueError:
        raise BadForm(400, texts.NOT_A_FORM) from None
    fields: dict[str, tuple[str, ...]] = {}
    problem = fault = ""
    for name, value in pairs:
        if name not in known:
            continue  # what mail programs and networks add to a shared address
        limit = _LONGER.get(name, _LONGEST)
        if name in fields and name not in many:
            problem, fault = texts.TWICE.format(name=texts.FIELDS.get(name, name)), name
            continue
        if len(value) > limit:
            problem, fault = texts.TOO_LONG_FIELD.format(name=texts.FIELDS.get(name, name), limit=limit), name
        fields[name] = (*fields.get(name, ()), value[:limit])
    if problem:
        raise BadForm(400, problem, fields=fields, fault=fault)
    return fields


def first(fields: Fields, name: str) -> str:
    """The one value of a field, empty where it was not sent."""
    return fields.get(name, ("",))[0]
