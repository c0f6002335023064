"""Request -> what is searched: words mended, a follow-up completed, filters read, those dropped that would leave nothing.

Refuses nothing: a request whose question cannot be searched is not brought here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from ingest.document import Publication
from ingest.index.analyser import fold
from rag.answer import Filters
from rag.asked_filters import FilterReader
from rag.content import has_content, is_french_filler
from rag.conversation import Completed, Ground, complete
from rag.conversation.wording import has_pronoun
from rag.filtering import Filtering
from rag.language import is_english
from rag.on_page import Pointed, leans, pointed, titled
from rag.query import Queries, Query
from rag.request import AskRequest, clean_question
from rag.retrieval import Lead
from rag.spelling import Speller


class Unclear(StrEnum):
    """What a request lacks to be searched: a word that says what it is about, or the point of an answer that it names."""

    CONTENT = "content"
    POINT = "point"


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What a request asks.

    `question` is what is shown as understood; `query` is searched, without words that only name publications. `typed` and
    `read` are the filters that hold, typed in and read out of the question; `dropped` those that would have left nothing.
    `territory` is what the question itself asks about, whether any passage is about it or not; None when one is typed in.
    `unclear`: why it is not searched, None when it is.
    `unsure`: the rules may not know what a follow-up means (`rag.conversation.Completed`); `follows` is what they had of it,
    its words mended and without what points at a page.
    `set_aside` is what it asks about when that lies outside of the one that is typed in.
    `lead` is the publication of the page on which it is asked, where that goes first. `of_page`: it speaks of its page;
    `leans`: it names nothing but what any page has, and is searched with that publication's title.
    """

    question: str
    query: Query
    typed: Filters = Filters()
    read: Filters = Filters()
    dropped: Filters = Filters()
    territory: str | None = None
    set_aside: str | None = None
    follow_up: bool = False
    detailed: bool = False
    language: str = "fr"
    unclear: Unclear | None = None
    unsure: bool = False
    follows: str = ""
    lead: Lead | None = None
    of_page: bool = False
    leans: bool = False

    @property
    def searched(self) -> str:
        """The words of the question that are searched."""
        return self.query.text

    @property
    def filters(self) -> Filters:
        """All that hold; what is typed stands before what is read."""
        return replace(self.read, **dict(_set(self.typed)))

    @property
    def narrowing(self) -> Filters:
        """Those that hide passages: all but a territory that was read out of the question, which only goes first."""
        return replace(self.filters, territory=self.typed.territory)

    @property
    def asks_elsewhere(self) -> bool:
        """Whether it is about a territory that no passage is about."""
        return self.territory is not None and self.filters.territory is None


class Understanding:
    """Understands requests to one index. Thread-safe."""

    def __init__(
        self,
        *,
        speller: Speller,
        ground: Ground,
        reader: FilterReader,
        queries: Queries,
        filtering: Filtering,
    ) -> None:
        self._speller = speller
        self._ground = ground
        self._queries = queries
        self._reader = reader
        self._filtering = filtering

    def of(self, request: AskRequest, page: Publication | None = None, rewritten: str = "") -> Understood:
        """What `request` asks of this index, or of the publication `page` if that is where it is asked.

        `rewritten` is what stands in the place of the rules' completion, where there is such a question.
        """
        typed_question = clean_question(request.question)
        english = is_english(typed_question)
        mended = typed_question if english else self._speller.correct(typed_question)
        said = pointed(mended) if request.on_page else Pointed(rest=mended, points=False)
        completed = (
            Completed(question=rewritten, follow_up=fold(rewritten) != fold(said.rest))
            if rewritten
            else complete(said.rest, request.history, self._ground)
        )
        leaning = page is not None and self._leans_on_page(said, completed)
        completed = Completed(question=said.rest) if leaning else completed
        # Nothing is read out of a title: the page did not ask.
        asked = self._reader.read(completed.question, without=request.without)
        question = mended if said.points and not completed.follow_up else completed.question
        # What English asks of a page adds no term to a French title.
        rest = titled(page.title, "" if english else asked.rest) if page and leaning else asked.rest
        narrowed = leaning or bool(request.filters.territory or request.filters.themes)
        empty = not leaning and not has_content(completed.question, self._ground.gazetteer, narrowed=narrowed)
        typed, read, dropped = self._kept(request.filters, asked.filters)
        return Understood(
            question=question,
            query=self._queries.query(rest),
            typed=typed,
            read=read,
            dropped=dropped,
            territory=None if request.filters.territory else asked.filters.territory,
            set_aside=self._set_aside(typed.territory, asked.filters.territory),
            follow_up=completed.follow_up,
            detailed=request.detailed or completed.detailed,
            language="en" if english and not is_french_filler(typed_question) else "fr",
            unclear=Unclear.POINT if completed.no_such_point else Unclear.CONTENT if empty else None,
            unsure=completed.unsure,
            follows=said.rest,
            lead=Lead(publication=page.id, alone=leaning or said.points) if page else None,
            of_page=said.points,
            leans=leaning,
        )

    def _leans_on_page(self, said: Pointed, completed: Completed) -> bool:
        """Whether a question names nothing but what any page has, and was not completed from the conversation.

        What points at the page leans on it whatever was said before, but for "qu'en dit cette page ?".
        """
        if self._ground.gazetteer.asked_about(said.rest) or not leans(said.rest):
            return False
        return not completed.follow_up or (said.points and not has_pronoun(said.rest))

    def _set_aside(self, typed: str | None, asked: str | None) -> str | None:
        """What is asked about, if a territory is typed that does not lie around all of it."""
        if not typed or not asked:
            return None
        meant = self._ground.gazetteer.called(typed) | {typed}
        outside = [name for name in asked.split(", ") if meant.isdisjoint(self._ground.gazetteer.around([name]))]
        return ", ".join(outside) or None

    def _kept(self, typed: Filters, read: Filters) -> tuple[Filters, Filters, Filters]:
        """The filters that together leave a passage, typed ones first, and those that would not."""
        kept, dropped = {"typed": Filters(), "read": Filters()}, Filters()
        together = Filters()
        for name, source in (("typed", typed), ("read", read)):
            for field, value in _set(source):
                if getattr(together, field) or getattr(dropped, field):
                    continue  # typed already
                tried = replace(together, **{field: value})
                if self._filtering.allowed(tried).any():
                    together = tried
                    kept[name] = replace(kept[name], **{field: value})
                else:
                    dropped = replace(dropped, **{field: value})
        return kept["typed"], kept["read"], dropped


def _set(filters: Filters) -> Iterator[tuple[str, Any]]:
    """The fields that are set, in their order."""
    return ((field.name, value) for field in fields(filters) if (value := getattr(filters, field.name)))
