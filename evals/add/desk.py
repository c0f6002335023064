"""What an editor looks things up in while a question is made: the assistant, the publications, the set as it stands.

In: the assistant and the questions. Out: where a segment stands, which territories are meant, which half is open to a
question. Nothing is asked or written here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from evals.add import texts
from evals.duplicates import Said, near_duplicates
from evals.questions import Evidence, Kind, Question, Source, Split, is_uneven, key_of, said
from evals.runner import texts_of
from evals.served import sources_of_build
from ingest.document import Span
from ingest.territories import Gazetteer
from rag.pipeline import Assistant


@dataclass(frozen=True)
class Desk:
    """Over one assistant and one question set."""

    assistant: Assistant
    questions: Sequence[Question]

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """The texts of the publications that the assistant knows, and their pages."""
        return sources_of_build(self.assistant.index, texts_of(self.assistant.index))

    def place(self, publication: str, page: int | None) -> str:
        """Publication and page, for reading."""
        known = self.assistant.publication(publication)
        return texts.place(known.title, known.publisher, known.date, page)

    def stretch(self, publication: str, span: Span) -> str:
        """What stands there, white space folded."""
        return " ".join(self.sources[publication].text.text[span.start : span.end].split())

    def holding(self, segment: str) -> dict[str, list[Span]]:
        """Where the segment stands, by publication; none of a publication in which it does not."""
        found = {name: source.text.find_all(segment) for name, source in self.sources.items()}
        return {name: spans for name, spans in found.items() if spans}

    def page_of(self, publication: str, span: Span) -> int | None:
        """The page on which the stretch begins."""
        pages = self.sources[publication].pages
        return next((page for stretch, page in pages if stretch.overlaps(span)), None)

    def places_of(self, evidence: Iterable[Evidence]) -> list[str]:
        """The territories that the passages of the evidence are about, in the order of the alphabet."""
        passages = self.assistant.index.passages
        found: set[str] = set()
        for one in evidence:
            for span in self.sources[one.publication].text.find_all(one.segment):
                for passage in passages:
                    here = passage.publication_id == one.publication
                    if here and span.overlaps(Span(passage.start, passage.end)):
                        found |= self.assistant.searcher.places_of(passage.id)
        return sorted(found)

    def is_place(self, name: str) -> bool:
        """Whether the gazetteer has a territory of exactly that name, or a passage is about one."""
        return self._gazetteer.kind_of(name) is not None or name in self._places

    def meant_by(self, name: str) -> list[str]:
        """The names that the gazetteer has for what an editor may have meant."""
        return sorted(self._gazetteer.asked_about(f"à {name}"))

    def asked_already(self, question: str) -> str | None:
        """The id of the same question."""
        return next((one.id for one in self.questions if key_of(one.conversation) == key_of(question)), None)

    def near(self, question: str) -> dict[Split, list[str]]:
        """The ids of the questions of each half that say nearly the same."""
        new = [Said(id="", where="", key=key_of(question), texts=(question,))]
        return {
            split: [
                early.id
                for early, _ in near_duplicates([said(one) for one in self.questions if one.split is split], new)
            ]
            for split in Split
        }

    def closed(self, question: str, kind: Kind) -> dict[Split, str]:
        """The halves that cannot take a question of that kind, with the reason."""
        near, reasons = self.near(question), {}
        counts = Counter(one.split for one in self.questions if one.kind is kind)
        for split, other in ((Split.DEV, Split.TEST), (Split.TEST, Split.DEV)):
            grown = counts + Counter([split])
            if near[other]:
                reasons[split] = texts.leaking(split, near[other], other)
            elif is_uneven(grown[Split.DEV], grown[Split.TEST]):
                reasons[split] = texts.uneven(kind, split, (counts[Split.DEV], counts[Split.TEST]))
        return reasons

    @cached_property
    def _gazetteer(self) -> Gazetteer:
        return Gazetteer.load(self.assistant.index.folder / "territories.json")

    @cached_property
    def _places(self) -> frozenset[str]:
        return frozenset().union(
            *(self.assistant.searcher.places_of(passage.id) for passage in self.assistant.index.passages)
        )
