"""English terms of the field -> the French terms that the publications use: `corpus/glossary_en.json`, edited by hand.

Out: for a question, the French forms of each English term in it, the longest terms first, each word used once. Inflection is
cut alike on both sides ("landlords", "landlord's"). Refused (ValueError, naming the file): a file of another form.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

GLOSSARY = Path(__file__).resolve().parent.parent / "corpus" / "glossary_en.json"
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Glossary:
    """`terms`: the stems of an English term -> its French forms; `longest`: how many words the longest has."""

    terms: Mapping[tuple[str, ...], tuple[str, ...]]
    longest: int

    @classmethod
    def load(cls, path: Path = GLOSSARY) -> Glossary:
        """Raises ValueError when the file is not of the form {"terms": {english: [french, ...]}}."""
        try:
            rows = json.loads(path.read_text(encoding="utf-8"))["terms"]
            terms = {_stems(english): _forms(french) for english, french in rows.items()}
            return cls(terms=terms, longest=max(map(len, terms)))
        except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise ValueError(f"{path}: expected terms, each with a list of French forms: {error!r}") from error

    def french(self, question: str) -> tuple[tuple[str, ...], ...]:
        """The French forms of each English term of the question, in its order."""
        words = _stems(question)
        found: list[tuple[str, ...]] = []
        position = 0
        while position < len(words):
            length = next((n for n in range(self.longest, 0, -1) if words[position : position + n] in self.terms), 0)
            if length:
                found.append(self.terms[words[position : position + length]])
            position += max(length, 1)
        return tuple(found)


@cache
def default_glossary() -> Glossary:
    """The project's own glossary, read once."""
    return Glossary.load()


def _forms(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(form, str) and form for form in value):
        raise TypeError(f"{value!r} is no list of French forms, at least one")
    return tuple(value)


def _stems(text: str) -> tuple[str, ...]:
    return tuple(map(_stem, _WORD.findall(text.lower().replace("’s", "").replace("'s", ""))))


def _stem(word: str) -> str:
    """A rough one, for nouns in the plural: "policies" and "policy", "businesses" and "business"."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3 else word
