"""What an index says nothing of at all. In: names and figures that the best passages lack. Refuses nothing.

The best passages may be those of one place or one publisher: what only they lack the publications do not pass over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ingest.index.analyser import analyse
from ingest.index.index import Index
from ingest.repair.lexicon import Sigle
from ingest.windows import indexed_text
from rag.language import figures_in
from rag.rarity import Rarity


class Silence:
    """Of one index. Thread-safe."""

    def __init__(self, index: Index, rarity: Rarity, sigles: Sequence[Sigle]) -> None:
        self._index = index
        self._terms = rarity.terms
        self._held = frozenset[str]().union(*rarity.terms)
        # Every form of what has a sigle, by its meaning, which is how it is named when it is missed.
        self._forms = {sigle.meaning: (sigle.sigle, sigle.meaning, *sigle.variants) for sigle in sigles}

    def of(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those of `names` (names, figures, meanings of sigles) that no passage has in any form."""
        return tuple(name for name in names if not self._is_said(name))

    def _is_said(self, name: str) -> bool:
        if name[0].isdigit():
            return any(name in figures_in(text) for text in map(self._text, range(len(self._terms))))
        if name in self._forms:
            return any(map(self._holds, self._forms[name]))
        return bool(analyse(name)) and analyse(name)[0] in self._held

    def _holds(self, form: str) -> bool:
        """Whether a passage has the words of `form`, one after another."""
        words = analyse(form)
        needed, phrase = frozenset(words), f" {' '.join(words)} "
        return bool(words) and any(
            needed <= terms and phrase in f" {' '.join(analyse(self._text(number)))} "
            for number, terms in enumerate(self._terms)
        )

    def _text(self, number: int) -> str:
        passage = self._index.passages[number]
        return indexed_text(self._index.publications[passage.publication_id].title, passage)
