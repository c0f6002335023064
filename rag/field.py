"""Whether a question belongs here: to the field, which is data beside the catalogue, or to what this index is about."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ingest.index.index import Index
from ingest.territories import Gazetteer
from rag.answer import Filters
from rag.language import Intent, asked_for, intent_of
from rag.places_asked import subject_of
from rag.scope import Scope, Subjects
from rag.sigles import Sigles
from rag.signals import Signals
from rag.understanding import Understood


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Field:
    """The field of one index. Refuses nothing."""

    scope: Scope
    subjects: Subjects
    sigles: Sigles
    gazetteer: Gazetteer

    def holds(self, understood: Understood, signals: Signals) -> bool:
        """A question is of the field by a phrase of it, a sigle, publications asked for, or nothing asked but what there is
        at a place; of the index when it is nearer to a passage than to questions on other subjects, or shares words with a
        heading.
        """
        question = understood.question
        subject = subject_of(question, self.gazetteer)
        narrowed = replace(understood.read, territory=None), replace(understood.dropped, territory=None)
        return (
            self.scope.holds(question)
            or signals.closeness > 0
            or any(filters != Filters() for filters in narrowed)
            or (understood.territory is not None and (not subject or intent_of(question) is Intent.EXAMPLE))
            or any(True for _ in self.sigles.expansions(question, french=understood.language == "fr"))
            or self.subjects.share(asked_for(question, or_all=False) & subject)
        )


def named_subjects(index: Index) -> frozenset[str]:
    """Titles, themes and headings of an index, but those that ask: they share the words of asking with any question."""
    publications = index.publications.values()
    named = (text for one in publications for text in (one.title, *one.themes))
    above = (text for passage in index.passages for text in (passage.title or "", *passage.headings))
    return frozenset(text for text in (*named, *above) if not text.rstrip().endswith("?"))
