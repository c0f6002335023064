"""The Answer that every outlet gives (CLI, HTTP, chat), and the request it replies to. Values only."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from rag.chat.tokens import Tokens


class Status(StrEnum):
    """How a question ended. `NO_ANSWER`: in the field, not in the corpus. `GUIDANCE`: greetings and the like."""

    ANSWERED = "answered"
    NO_ANSWER = "no_answer"
    OUT_OF_SCOPE = "out_of_scope"
    REFUSED = "refused"
    GUIDANCE = "guidance"
    ERROR = "error"


# Who made an answer's text.
EXTRACTIVE, WRITTEN = "extractive", "written"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a search is narrowed to.

    `publisher` and `themes` (any of them) as in the catalogue, case and accents aside; `since` and `until` are dates
    (YYYY[-MM[-DD]]); `territory` is a name as people write it, and holds what lies in it.
    """

    publisher: str | None = None
    since: str | None = None
    until: str | None = None
    themes: tuple[str, ...] = ()
    territory: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Only what is set, under the names of the contract."""
        values = {name: getattr(self, field) for name, field in FILTER_FIELDS.items()}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items() if value}


# The names of filters in the contract, and of their fields here.
FILTER_FIELDS = {"publisher": "publisher", "from": "since", "to": "until", "themes": "themes", "territory": "territory"}


@dataclass(frozen=True, slots=True, kw_only=True)
class HostPage:
    """The page on which a question is asked, as it tells of itself: nobody vouches for address and title, one may be empty."""

    url: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OnPage:
    """That page, and the publication of the index that it shows, None where it shows none."""

    url: str
    title: str
    publication_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """An earlier question of a conversation, and the text that answered it.

    `status` is what that answer ended with, None where it is not told: what was not answered is no subject to go on with.
    """

    question: str
    text: str
    status: Status | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of an answer and the numbers of the citations it rests on (never empty)."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A verified quotation: `quote` is `documents/<publication_id>.txt`[start:end] with white space folded.

    Made by `rag.verify` alone. `n` counts from 1; `page` is physical and 1-based or None; `raw_quote` is the same
    stretch before repair.
    """

    n: int
    quote: str
    passage_id: str
    publication_id: str
    title: str
    publisher: str
    date: str | None
    page: int | None
    start: int
    end: int
    url: str | None
    raw_quote: str
    also_in: tuple[str, ...] = ()
    verified: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A field example that fits: where, what was done (a verified quotation), and where to read on."""

    title: str
    territories: tuple[str, ...]
    quote: str
    passage_id: str
    publication_id: str
    publication_title: str
    page: int | None
    start: int
    end: int
    url: str | None
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """A passage near to a question that is not answered: shown as such, proves nothing."""

    quote: str
    passage_id: str
    publication_id: str
    title: str
    page: int | None
    start: int
    end: int
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Where to read on."""

    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timings:
    """Milliseconds spent in each step; `total` includes what lies between them."""

    retrieve: float = 0.0
    compose: float = 0.0
    verify: float = 0.0
    total: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The reply to one question. `text` is plain text with `[n]` marks, without cards or source list.

    Unless `status` is `ANSWERED`, `sentences`, `citations` and `examples` are empty, and what is shown stands in `nearest`.
    `filters` are those that narrowed the search, typed or understood; `understood_filters` those among them that were read
    out of the question, which a request may decline (`without`); `dropped_filters` would have left nothing. `follow_up`: the
    question was completed from the conversation, and `question_understood` is what was searched. `more`: a detailed answer
    would say more. `language` is that of the frame ("fr", "en"); quotations are as their sources have them. `on_page` is where
    the question was asked, None where no page was told. `composer`: EXTRACTIVE, or WRITTEN by a chat model; `fallback`: a chat
    model was to write and gave nothing that could be shown. `tokens`: what a chat model took, whatever came of it; None where
    none was asked. `growing`: more is on its way; never in an answer that is whole.
    """

    question: str
    question_understood: str
    status: Status
    text: str
    id: Any = None
    filters: Filters = Filters()
    understood_filters: Filters = Filters()
    dropped_filters: Filters = Filters()
    follow_up: bool = False
    language: str = "fr"
    index_build: str = ""
    on_page: OnPage | None = None
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    examples: tuple[Example, ...] = ()
    nearest: tuple[Nearest, ...] = ()
    links: tuple[Link, ...] = ()
    follow_ups: tuple[str, ...] = ()
    removed_sentences: int = 0
    more: bool = False
    composer: str = EXTRACTIVE
    fallback: bool = False
    tokens: Tokens | None = None
    growing: bool = False
    timings_ms: Timings = Timings()

    def with_id(self, identifier: Any) -> Answer:  # noqa: ANN401
        """The same answer under the identifier that a batch line carried, whatever JSON it is."""
        return replace(self, id=identifier)

    def to_json(self) -> dict[str, Any]:
        """The object of the contract: every field present, empty or null where there is nothing."""
        narrowed = {
            name: getattr(self, name).to_json() for name in ("filters", "understood_filters", "dropped_filters")
        }
        values = asdict(self) | {"status": self.status.value} | narrowed
        del values["growing"]
        return values
