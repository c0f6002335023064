"""What is in the field, and what is no question at all: hostile, or a greeting. Data (corpus/scope.json), not code.

Refuses a file that is not of the expected form (ValueError, naming it).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest.index.analyser import analyse, fold
from rag.small_talk import is_small_talk

_SHARED = 2
# A word that has letters, and digits or signs among them.
_DISGUISED = re.compile(r"(?<![\w@$])(?=[\w@$]*[^\W\d_])(?=[\w@$]*[\d@$])[\w@$]+")
_PART = re.compile(r"[\w@$]+|[^\w@$]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """`field` holds the analysed terms of each phrase of the field, `whole` those of the phrases that name it all; the patterns
    match the folded question.

    `elsewhere` are everyday questions on other subjects, French and English: what a question in the field should be farther
    from than from the passages.
    """

    field: frozenset[frozenset[str]]
    whole: frozenset[str]
    hostile: tuple[re.Pattern[str], ...]
    guidance: tuple[re.Pattern[str], ...]
    elsewhere: tuple[str, ...]

    @classmethod
    def load(cls, path: Path) -> Scope:
        """Raises ValueError when the file is not {"field", "whole", "hostile", "guidance", "elsewhere"}, all lists of texts.

        "parts" may name pieces of the patterns, which stand in them in braces.
        """
        try:
            row = json.loads(path.read_text(encoding="utf-8"))
            return cls(
                field=frozenset(frozenset(analyse(phrase)) for phrase in row["field"]) - {frozenset()},
                whole=frozenset(term for phrase in _texts(row["whole"]) for term in analyse(phrase)),
                hostile=_patterns(row["hostile"], row.get("parts", {})),
                guidance=_patterns(row["guidance"], row.get("parts", {})),
                elsewhere=_texts(row["elsewhere"]),
            )
        except (OSError, KeyError, TypeError, ValueError, re.error) as error:
            raise ValueError(
                f"{path}: expected lists of texts under field, whole, hostile, guidance, elsewhere: {error!r}"
            ) from error

    def is_hostile(self, question: str) -> bool:
        """Abuse, or an attempt to turn the assistant into something else; also with digits for letters ("Ign0re")."""
        return any(_any_matches(self.hostile, read) for read in _readings(question))

    def is_greeting(self, question: str) -> bool:
        """A greeting, thanks, or a question about the assistant itself."""
        return is_small_talk(question) or _any_matches(self.guidance, question)

    def is_question(self, text: str) -> bool:
        """Whether it may be searched: it has a word, and is neither hostile nor a greeting."""
        return any(map(str.isalnum, text)) and not self.is_hostile(text) and not self.is_greeting(text)

    def holds(self, question: str) -> bool:
        """Whether the question uses a phrase of the field (all its terms)."""
        terms = frozenset(analyse(question))
        return any(phrase <= terms for phrase in self.field)


class Subjects:
    """What one index is about by its own words: titles, headings and themes.

    A question shares their subject when one of them has two of its terms: one alone ("le camion", "le prix") is chance.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._named = frozenset(frozenset(analyse(text)) for text in texts)

    def share(self, terms: frozenset[str]) -> bool:
        """Whether a title, heading or theme has two of the terms."""
        return any(len(named & terms) >= _SHARED for named in self._named)


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(text, str) for text in value):
        raise TypeError("a list of texts, at least one")
    return tuple(value)


def _patterns(texts: Iterable[str], parts: Mapping[str, str]) -> tuple[re.Pattern[str], ...]:
    """Compiled, each {name} of `parts` put in, which may hold others. Raises ValueError for parts that hold each other."""
    return tuple(re.compile(_filled(text, parts)) for text in texts)


def _filled(text: str, parts: Mapping[str, str]) -> str:
    for _ in range(len(parts) + 1):
        before = text
        for name, part in parts.items():
            text = text.replace(f"{{{name}}}", f"(?:{part})")
        if text == before:
            return text
    raise ValueError(f"parts that hold each other: {sorted(parts)}")


def _readings(question: str) -> Iterator[str]:
    """The question, and where words of it have digits among their letters, with the letters that these look like."""
    yield question
    if _DISGUISED.search(question):
        for one in "il":
            letters = str.maketrans("0134578@$", f"o{one}eastbas")
            yield "".join(
                part.translate(letters) if _DISGUISED.fullmatch(part) else part for part in _PART.findall(question)
            )


def _any_matches(patterns: tuple[re.Pattern[str], ...], question: str) -> bool:
    folded = " ".join(fold(question.replace("’", "'")).split())
    return any(pattern.search(folded) for pattern in patterns)
