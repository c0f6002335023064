"""How an EPCI is officially called -> what it is shown as, and the forms under which publications name it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.repair.lexicon import Lexicon
from ingest.territories.places import key_of, plain

_TYPES = {"CC": "Communauté de communes", "CA": "Communauté d'agglomération", "CU": "Communauté urbaine"}
_LINK = re.compile(r"^(?:de la |de l'|des |du |de |d'|le |la |les |l')")
# What tells that a name is an intercommunality's, whatever the other words: "Metz Métropole", "Saint-Lô Agglo".
_GENERIC = re.compile(r"\b(?:metropole|eurometropole|agglo|agglomeration|agglopole|communaute|intercommunalite)\b")
_ENDINGS = {"Agglomération": ("Agglo",), "Agglo": ("Agglomération",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class EpciName:
    """The name shown; the forms it is found under, "=" before those that need the type in front of them."""

    label: str
    forms: tuple[str, ...]


def name_epci(official: str, kind: str, reserved: frozenset[str], lexicon: Lexicon) -> EpciName:
    """`reserved` are names of other places, folded, hyphens as spaces: a form like one of them needs its type."""
    whole = _cleaned(official)
    rest = re.sub(r"^(?:CC|CA|CU) ", "", whole)
    core = _LINK.sub("", rest)
    # Grand Paris's territories are never typed: "à Plaine Commune".
    bare = kind == "EPT" or _stands_alone(core, reserved, lexicon)
    label = core if bare else f"{_TYPES[kind]} {_linked(rest)}" if kind in _TYPES else rest
    named = [core, *_shorter(core), *_nicknames(official)]
    forms = [
        form if (bare and form == core) or _stands_alone(form, reserved, lexicon) else f"={form}" for form in named
    ]
    return EpciName(label=label[0].upper() + label[1:], forms=tuple(dict.fromkeys(forms)))


def _cleaned(official: str) -> str:
    text = re.sub(r"\s*\([^)]*\)", "", official.replace("’", "'"))
    # A name in quotation marks is the usual one when it is the whole, a nickname when something stands before it.
    text = re.sub(r"""(?<=\w) (?:''|").+(?:''|")$""", "", text) if re.match(r"C[ACU] d", text) else text
    return re.sub(r"""''|\"""", "", text).strip()


def _nicknames(official: str) -> list[str]:
    return re.findall(r"""(?:''|")(\w[^"]+?)(?:''|")""", official)


def _linked(rest: str) -> str:
    """ "des Savanes" after its type, "Plaine Vallée" too."""
    return rest if _LINK.match(rest) or rest[:1].isupper() else f"de {rest}"


def _shorter(core: str) -> list[str]:
    """Other ways of saying `core`: without "Métropole" at its head or end, without what follows "X Agglomération", "Agglo" for
    "Agglomération", halves of a dash.
    """
    found = [re.sub(r"^(.+ (?:Agglo|Agglomération|Communauté|Métropole)) (?:de |des |du |d'|l).+$", r"\1", core)]
    found += [re.sub(r"^Métropole (?:d'|du |de |[Ee]uropéenne de )?|[ -]Métropole$", "", core)]
    found += [
        core.replace(word, other) for word, others in _ENDINGS.items() for other in others if word in core.split()
    ]
    found += [half for half in core.split(" - ") if " " in half.strip() and "," not in half] if " - " in core else []
    return [form for form in found if form != core]


def _stands_alone(form: str, reserved: frozenset[str], lexicon: Lexicon) -> bool:
    """Whether `form` names an EPCI without its type: several words, no other place's name, not all of them common."""
    folded = " ".join(re.findall(r"[a-z0-9]+", plain(form)))
    if folded in reserved or key_of(form)[0] in reserved or "," in form:
        return False
    # "Pays de Grasse" and "Grand Cahors" are named after a town, even one that is also a word.
    town = re.sub(r"^(?:pays (?:d |de |du |des )|grand )", "", key_of(form)[0])
    if town != key_of(form)[0] and town in reserved:
        return True
    words = [word for word in re.findall(r"[^\W\d_]+", form.lower()) if len(word) > 2]
    if len(words) < 2:
        return False
    return bool(_GENERIC.search(folded)) or not all(lexicon.known(word) for word in words)
