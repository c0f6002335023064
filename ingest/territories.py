"""Text -> the territories it names, from a reviewed list (corpus/territories.json). Refuses an ill-formed list.

The list is short on purpose: the official gazetteer comes with ingestion at large. Each entry has the name shown, its kind
(commune, epci, departement, region, quartier, pays) and the variants under which it is found.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import IngestError


@dataclass(frozen=True, slots=True, kw_only=True)
class Territory:
    """A place: the name shown, its kind, the territories that hold it (outermost last), other spellings."""

    name: str
    kind: str
    within: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    """Finds names of territories in text: whole words, case kept, longest first, each once."""

    territories: tuple[Territory, ...]

    @classmethod
    def load(cls, path: Path) -> Gazetteer:
        """Raises IngestError when the file is not a JSON list of territories."""
        try:
            rows = json.loads(path.read_text(encoding="utf-8"))["territories"]
            return cls(territories=tuple(_territory(row) for row in rows))
        except (OSError, ValueError, KeyError, TypeError) as error:
            message = f'{path}: expected {{"territories": [{{name, kind, within, variants}}]}}, found {error!r}'
            raise IngestError(message) from error

    def find(self, text: str) -> tuple[str, ...]:
        """Names of the territories in `text`, in order of appearance. "Rennes Métropole" does not also give "Rennes"."""
        return _found({form: t.name for t in self.territories for form in (t.name, *t.variants)}, text)

    def asked_about(self, question: str) -> frozenset[str]:
        """Territories that a question names, those included that are known only as holding others ("Bretagne").

        A town stands for its intercommunality too: what Rennes Métropole does is asked about as "à Rennes".
        """
        forms = {holder: holder for t in self.territories for holder in t.within}
        forms |= {form: t.name for t in self.territories for form in (t.name, *t.variants)}
        # People write "outre-mer" and "dijon"; publications do not.
        small = {form.casefold(): name for form, name in forms.items()}
        named = frozenset(_found(small, question.casefold()))
        held = {holder for t in self.territories if t.name in named for holder in t.within}
        return named | {t.name for t in self.territories if t.kind == "epci" and t.name in held}

    def around(self, names: Iterable[str]) -> frozenset[str]:
        """The territories `names` and all that hold them: Maurepas is in Rennes, Rennes Métropole and Bretagne."""
        named = frozenset(names)
        return named | {holder for t in self.territories if t.name in named for holder in t.within}


def _found(forms: Mapping[str, str], text: str) -> tuple[str, ...]:
    plain = {form.replace("’", "'"): name for form, name in forms.items()}
    if not plain:
        return ()
    alternatives = "|".join(re.escape(form) for form in sorted(plain, key=lambda form: (-len(form), form)))
    matches = re.finditer(rf"(?<![\w-])(?:{alternatives})(?![\w-])", text.replace("’", "'"))
    return tuple(dict.fromkeys(plain[match.group()] for match in matches))


def _territory(row: dict[str, object]) -> Territory:
    name, kind = row["name"], row["kind"]
    within, variants = row.get("within", []), row.get("variants", [])
    if not (
        isinstance(name, str) and isinstance(kind, str) and isinstance(within, list) and isinstance(variants, list)
    ):
        raise TypeError(row)
    return Territory(name=name, kind=kind, within=tuple(map(str, within)), variants=tuple(map(str, variants)))
