"""A word that is none -> the one French word that OCR made it of, or None. Pure; remembers through the lexicon.

Tried in order, each accepted only if exactly one word fits best: a doubled accent (`creéation`), lost or wrong accents
(`developpement`), both, an elision grown together (`lobjectif`), two small words grown together (`eny`), wrong letters
(`temmitoires`).

î and û are never restored by themselves: `connaitre`, `maraichage`, `aout` are right since 1990.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import combinations, product

from ingest.repair.lexicon import Lexicon, fold

_ADDED = {"a": "âà", "e": "éèê", "i": "îï", "o": "ô", "u": "ûù", "c": "ç", "A": "ÂÀ", "E": "ÉÈÊ"}
_RESHAPED = {"é": "èê", "è": "éê", "ê": "éè", "à": "â", "â": "à", "ë": "éèê", "ï": "î", "ô": "o", "ù": "û"}
_VOWELS = "aeiouyhàâéèêëîïôûùœ"
_ELIDED = ("l", "d", "n", "s", "j", "m", "c", "qu", "jusqu", "lorsqu", "puisqu")
_SMALL = frozenset("en de la le du au et il qui que dans par sur pour des les un une ce à aux ses son sa est".split())
# What OCR makes of letters, seen in the brochure and common elsewhere; each pair is (read, written).
_CONFUSED = (
    ("€", "é"), ("@", "é"), ("§", "s"), ("ce", "œ"), ("oe", "œ"), ("mm", "rr"), ("m", "rr"), ("li", "û"), ("l", "û"),
    ("(", "û"), ("q", "û"), ("oq", "q"), ("rn", "m"), ("m", "rn"), ("|", "l"), ("|", "i"), ("0", "o"), ("1", "l"),
    ("vv", "w"), ("cl", "d"), ("ﬁ", "fi"), ("ﬂ", "fl"),
)  # fmt: skip
_LONGEST = 30


def mend(word: str, lexicon: Lexicon) -> str | None:
    """The word that `word` was, written as it is (capitals kept); None for a right word and for one that stays unknown."""
    key = ("mend", word)
    if key not in lexicon.memory:
        lexicon.memory[key] = _mend(word, lexicon)
    found: str | None = lexicon.memory[key]
    return found


def _mend(word: str, lexicon: Lexicon) -> str | None:
    if word in lexicon.misread:
        return lexicon.misread[word]
    if len(word) < 3 or len(word) > _LONGEST or lexicon.known(word) or _is_rectified(word, lexicon):
        return None
    if word.isupper():
        # A short word in capitals is a sigle.
        found = _mend_lower(word.lower(), lexicon) if len(word) > 4 else None
        return found.upper() if found else None
    if word[0].isupper() and word[1:].islower():
        found = _mend_lower(word.lower(), lexicon)
        # Only a capital and accents may be restored in what may be a name.
        if found and lexicon.only_verb(found) and fold(found) == fold(word):
            return None
        plain = found is not None and (fold(found) == fold(word) or found in _without_doubles(word.lower(), 1))
        long = found is not None and len(word) >= 8 and not set("' ") & set(found)
        return found[0].upper() + found[1:] if found and (plain or long) else None
    return _mend_lower(word, lexicon) or (_mend_lower(word.lower(), lexicon) if word[0].islower() else None)


def _mend_lower(word: str, lexicon: Lexicon) -> str | None:
    for find in (_undoubled, _accented, _undoubled_accented, _unglued, _unjoined, _relettered):
        found = find(word, lexicon)
        if found:
            return found
    return None


def _undoubled(word: str, lexicon: Lexicon) -> str | None:
    """`chargeé`, `journéee`, `difféerents`: an e that stands beside its own accented copy."""
    found = (_only(form for form in _without_doubles(word, gone) if lexicon.known(form)) for gone in (1, 2))
    return next((form for form in found if form), None)


def _without_doubles(word: str, gone: int) -> list[str]:
    places = [match.start() for match in re.finditer(r"e(?=[éèê])|(?<=[éèê])e", word)]
    return ["".join(ch for i, ch in enumerate(word) if i not in chosen) for chosen in combinations(places, gone)]


def _accented(word: str, lexicon: Lexicon) -> str | None:
    found: dict[str, int] = {}
    for changes in (1, 2, 3):
        found |= {form: cost + _tu(form, lexicon) for form, cost in _variants(word, changes) if lexicon.known(form)}
        # One more accent costs 2 at most: forms found so far that cost no more than that are not beaten later.
        if found and min(found.values()) <= 2 * changes:
            break
    return _cheapest(found, lexicon)


def accented_forms(word: str, lexicon: Lexicon) -> tuple[str, ...]:
    """All words that `word` is once one or two accents are put on or reshaped."""
    return tuple(form for changes in (1, 2) for form, _cost in _variants(word, changes) if lexicon.known(form))


def _variants(word: str, changes: int) -> Iterator[tuple[str, int]]:
    """Forms of `word` with so many accents changed, and what each costs: 1 for a shape (é for è), 2 for a lost accent."""
    options = [(i, _options(word, i, few=changes > 2)) for i in range(len(word))]
    places = [(i, letters) for i, letters in options if letters]
    if changes > 1 and len(places) > 9:
        places = [(i, letters) for i, letters in places if word[i] in "eéèê"]
    for chosen in combinations(places, changes):
        for letters in product(*(options for _i, options in chosen)):
            form = list(word)
            for (i, _), letter in zip(chosen, letters, strict=True):
                form[i] = letter
            yield "".join(form), sum(1 if word[i] in _RESHAPED else 2 for i, _ in chosen)


def _options(word: str, place: int, *, few: bool) -> str:
    letter = word[place]
    if letter in _RESHAPED:
        return _RESHAPED[letter]
    added = _ADDED.get(letter, "")
    if few:
        return "éè" if letter == "e" else ""
    if letter == "a" and place < len(word) - 1:
        return "â"
    return added


def _tu(form: str, lexicon: Lexicon) -> int:
    """`gères`, `débouches` can only be said to someone: five times less likely than a participle or a noun."""
    return 5 if form.endswith("es") and lexicon.only_verb(form) else 0


def _cheapest(found: dict[str, int], lexicon: Lexicon) -> str | None:
    least = min(found.values(), default=0)
    best = [form for form, cost in found.items() if cost == least]
    return (
        _only(best)
        or _only(form for form in best if lexicon.common(form))
        # `modèles` rather than `modelés`: what can be nothing but a participle needs its auxiliary, which context rules see.
        or _only(form for form in best if lexicon.is_noun(form))
    )


def _undoubled_accented(word: str, lexicon: Lexicon) -> str | None:
    return _only(form for form in (_accented(each, lexicon) for each in _without_doubles(word, 1)) if form)


def _unglued(word: str, lexicon: Lexicon) -> str | None:
    """`limplantation` -> l'implantation, `dacter` -> d'acter."""
    for letters in _ELIDED:
        rest = word[len(letters) :]
        if not word.startswith(letters) or not rest or fold(rest[0]) not in _VOWELS:
            continue
        whole = _known_rest(rest, lexicon)
        # n', s', j', m', c' stand before a verb.
        if whole and (len(letters) > 1 or letters in "ld" or lexicon.is_verb(whole)):
            return f"{letters}'{whole}"
    return None


def _known_rest(rest: str, lexicon: Lexicon) -> str | None:
    if rest in {"un", "une", "on", "il", "ils", "elle", "elles", "en", "y", "au"}:
        return rest
    if len(rest) < 4:
        return rest if len(rest) == 3 and lexicon.known(rest) and lexicon.common(rest) else None
    if lexicon.known(rest):
        return rest
    for find in (_undoubled, _accented, _undoubled_accented):
        found = find(rest, lexicon) if rest.islower() else None
        if found:
            return found
    return mend(rest, lexicon) if rest[0].isupper() else None


def _unjoined(word: str, _lexicon: Lexicon) -> str | None:
    """`eny` -> en y, `dela` -> de la."""
    pairs = ((word[:i], word[i:]) for i in range(1, len(word)))
    return _only(f"{a} {b}" for a, b in pairs if a in _SMALL and (b in _SMALL or (b == "y" and a in {"en", "il"})))


def _relettered(word: str, lexicon: Lexicon) -> str | None:
    if len(word) < 4:
        return None
    forms: dict[str, int] = {}
    for read, written in _CONFUSED:
        for match in re.finditer(re.escape(read), word):
            form = word[: match.start()] + written + word[match.end() :]
            if lexicon.known(form):
                forms[form] = 1
            elif (accented := _accented(form, lexicon)) is not None and any(ch in word for ch in "€@§("):
                forms[accented] = 2
    least = min(forms.values(), default=0)
    best = [form for form, cost in forms.items() if cost == least]
    return _only(best) or _only(form for form in best if lexicon.common(form))


def _is_rectified(word: str, lexicon: Lexicon) -> bool:
    """Whether `word` lacks no more than a circumflex on i or u, which the spelling of 1990 leaves out."""
    lower = word.lower()
    forms = (lower[:i] + {"i": "î", "u": "û"}[ch] + lower[i + 1 :] for i, ch in enumerate(lower) if ch in "iu")
    return any(lexicon.known(form) for form in forms)


def _only(forms: Iterable[str]) -> str | None:
    distinct = set(forms)
    return distinct.pop() if len(distinct) == 1 else None
