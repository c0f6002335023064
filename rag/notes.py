"""What the assistant says besides quotations: that a territory gave way, that only what lies around answers, that publications
are silent, whom to ask. Fixed phrases filled in; nothing is looked up elsewhere than in the index. Refuses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.territories import Gazetteer
from rag.answer import OnPage
from rag.contacts import Contact, who_serves
from rag.language import figures_written
from rag.phrases import phrases_for
from rag.signals import Signals
from rag.silence import Silence
from rag.understanding import Understood


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Notes:
    """The notes of one index. `places_of` gives the territories that a passage, by its id, is about, and all that hold them;
    `is_known` says whether any passage is about a territory.
    """

    gazetteer: Gazetteer
    contacts: Sequence[Contact]
    silence: Silence
    places_of: Callable[[str], frozenset[str]]
    is_known: Callable[[str], bool]

    def aside(self, understood: Understood) -> str:
        """That the question's territory gave way to the one that is typed in."""
        if not understood.set_aside or not understood.typed.territory:
            return ""
        return phrases_for(understood.language).place_set_aside(understood.set_aside, understood.typed.territory)

    def not_of_page(self, understood: Understood, page: OnPage | None) -> str:
        """That the question speaks of its page, which has been read, and is not answered by it."""
        is_read = page is not None and page.publication_id is not None
        if not understood.of_page or understood.lead or not is_read:
            return ""
        return phrases_for(understood.language).not_of_page

    def around(self, understood: Understood, shown: Sequence[str]) -> str:
        """That the index has nothing of the town asked about, and what is shown, passages by their ids, is of others of its
        intercommunality.
        """
        shown_there = frozenset[str]().union(*map(self.places_of, shown))
        for town in (understood.filters.territory or "").split(", "):
            holders = self.gazetteer.called(town) - {town}
            around = next((name for name in sorted(holders) if name in shown_there), None)
            if self.gazetteer.kind_of(town) == "commune" and around and not self.is_known(town):
                return phrases_for(understood.language).nothing_but_around(town, around)
        return ""

    def silent(self, understood: Understood, signals: Signals) -> str:
        """That there is no answer, and of what as far as that is known."""
        phrases = phrases_for(understood.language)
        if understood.asks_elsewhere and understood.territory:
            return phrases.nothing_there(understood.territory)
        unsaid = self.silence.of(signals.missing)
        written = figures_written(understood.question)
        if unsaid:
            return phrases.no_answer_about([written.get(name, name) for name in unsaid])
        if signals.missing and understood.filters.territory:
            return phrases.nothing_of_it_there(understood.filters.territory)
        return phrases.no_answer

    def whom_to_ask(self, understood: Understood) -> str:
        """Contacts for the whole country, and those who serve what holds a territory that the question names."""
        around = self.gazetteer.around(self.gazetteer.asked_about(understood.question))
        served = tuple(f"{one.name} ({one.url})" for one in who_serves(self.contacts, around))
        return phrases_for(understood.language).ask(served)
