"""What is a French word, and what the networks call things: dictionary files and `corpus/lexicon.json` -> Lexicon.

How the two dictionaries combine (each tried alone on the brochure): hunspell with the Dicollecte dictionary decides
whether a form exists, and its analyses tell verb forms, participles and infinitives apart. simplemma lacks common words
(`où`, `compostage`), so it never decides; it breaks a tie between forms that hunspell accepts at equal cost (`même`, not
`mème`), and is the second witness asked of a short word that is split off (`d'art`). hunspell's own suggestions are not
used: 0.3 s a word, and they make `mémé` of `méme`. The networks' words, sigles and names are always known.

Refused (LexiconError): a lexicon file that is missing, is no JSON or lacks a field.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import hunspell
import simplemma

from ingest.errors import IngestError

DICTIONARY = Path(__file__).resolve().parent / "dictionary"
LEXICON = Path(__file__).resolve().parent.parent.parent / "corpus" / "lexicon.json"
_INFINITIVE = re.compile(r".(?:er|ir|oir|re)$")


class LexiconError(IngestError):
    """The lexicon file cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sigle:
    """A sigle of the field, what it means, and other ways of writing the same thing."""

    sigle: str
    meaning: str
    variants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Reading:
    """One analysis of a form: its lemma, and what the dictionary's affix class says of it."""

    lemma: str
    affix: str | None

    def is_verb(self) -> bool:
        # Verb classes are a lower-case letter and a digit or one of A-Z ("a0", "tA"), participles "p+" and "p.".
        return bool(self.affix and re.fullmatch(r"[a-z][0-9A-Z+.]", self.affix) and _INFINITIVE.search(self.lemma))

    def conjugates(self, word: str) -> bool:
        """Whether it reads `word` as a conjugated form: no infinitive, no regular participle."""
        return self.is_verb() and self.affix not in {"p+", "p."} and self.lemma != word


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Knows words. Build with `load_lexicon`; answers are remembered, so that one word is looked up once."""

    sigles: tuple[Sigle, ...]
    terms: tuple[str, ...]
    names: tuple[str, ...]
    stamps: tuple[str, ...]
    actors: tuple[str, ...] = ()
    misread: Mapping[str, str]
    words: frozenset[str]
    dictionary: Any
    memory: dict[tuple[str, str], Any] = field(default_factory=dict, compare=False, repr=False)

    def known(self, word: str) -> bool:
        """Whether `word`, as it is written, is a word, a sigle or a name."""
        key = ("known", word)
        if key not in self.memory:
            self.memory[key] = (
                word in self.words or word.lower() in self.words or bool(self.dictionary.spell(word.replace("’", "'")))
            )
        return bool(self.memory[key])

    def common(self, word: str) -> bool:
        """Whether simplemma knows `word` too."""
        return bool(simplemma.is_known(word, lang="fr"))

    def is_sigle(self, word: str) -> bool:
        """Whether `word` is one of the networks' sigles or one of their names."""
        return any(word == sigle.sigle for sigle in self.sigles) or word in self.names

    def only_verb(self, word: str) -> bool:
        """Whether `word` can be nothing but a conjugated verb form (no infinitive, no participle, no noun)."""
        readings = self._readings(word)
        return bool(readings) and all(r.conjugates(word) for r in readings)

    def is_verb(self, word: str) -> bool:
        """Whether `word` can be a conjugated verb form."""
        return any(r.conjugates(word) for r in self._readings(word))

    def is_infinitive(self, word: str) -> bool:
        """Whether `word` is the infinitive of a verb."""
        return any(r.is_verb() and r.lemma == word for r in self._readings(word))

    def is_participle(self, word: str) -> bool:
        """Whether `word` can be a past participle."""
        if re.search(r"ée?s?$", word):
            return any(r.is_verb() for r in self._readings(word))
        # Irregular participles carry their verb's class; their endings tell them, and no verb in -er has one.
        ends = re.search(r"(?:[iuû]|is|us|it|[aei]int|ert|ort)(?:e?s?)$", word)
        return bool(ends) and any(
            r.is_verb() and r.lemma != word and not r.lemma.endswith("er") for r in self._readings(word)
        )

    def is_noun(self, word: str) -> bool:
        """Whether `word` can be a noun, an adjective or anything else that is no verb form."""
        return any(not r.is_verb() for r in self._readings(word))

    def _readings(self, word: str) -> tuple[_Reading, ...]:
        key = ("readings", word)
        if key not in self.memory:
            found = (self.dictionary.analyze(word) if word else ()) or ()
            readings = [_reading(line) for line in found]
            # The bare stem is listed once more without class ("st:répondre" beside "st:répondre fl:tA").
            classed = {r.lemma for r in readings if r.affix}
            self.memory[key] = tuple(r for r in readings if r.lemma and (r.affix or r.lemma not in classed))
        return tuple(self.memory[key])


def _reading(analysis: str) -> _Reading:
    fields = dict(re.findall(r"(st|fl):(\S+)", analysis))
    return _Reading(fields.get("st", ""), fields.get("fl"))


def load_lexicon(path: Path = LEXICON, dictionary: Path = DICTIONARY) -> Lexicon:
    """The lexicon of `path` over the dictionary `fr` in the folder `dictionary`. Raises LexiconError."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        sigles = tuple(
            Sigle(sigle=s["sigle"], meaning=s["meaning"], variants=tuple(s["variants"])) for s in data["sigles"]
        )
        misread = {wrong: entry["word"] for entry in data["words"] for wrong in entry["misread"]}
        names = tuple(data["names"])
        terms, stamps = tuple(data["terms"]), tuple(data["stamps"])
        actors = tuple(data["actors"])
        words = [entry["word"] for entry in data["words"]]
    except OSError as error:
        raise LexiconError(f"{path}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise LexiconError(f"{path}: {error!r}; expected sigles, terms, words, names, stamps and actors") from error
    parts = [part for name in names for part in re.findall(r"[^\W\d_]+", name)]
    return Lexicon(
        sigles=sigles,
        terms=terms,
        names=names,
        stamps=stamps,
        actors=actors,
        misread=misread,
        words=frozenset([*words, *parts, *names, *(sigle.sigle for sigle in sigles)]),
        # chunspell wants an absolute folder.
        dictionary=hunspell.Hunspell("fr", hunspell_data_dir=str(dictionary.resolve())),
    )


@cache
def default_lexicon() -> Lexicon:
    """The project's own lexicon, opened once (0.1 s)."""
    return load_lexicon()


def fold(text: str) -> str:
    """Lower case, without accents, apostrophes made one."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("’", "'").replace("œ", "oe"))
    return "".join(character for character in decomposed if not unicodedata.combining(character))
