"""Every French phrase of an answer that is not a quotation. They say nothing that a quotation would have to prove."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from rag.answer import Filters

EMPTY = (
    "Votre question est vide. Écrivez-la en quelques mots, par exemple : « Comment mobiliser du foncier pour l'ESS ? »"
)
ONLY_PUNCTUATION = "Votre question ne contient ni mot ni chiffre. Pouvez-vous l'écrire en toutes lettres ?"
NOT_AN_OBJECT = 'La demande doit être un objet JSON : {"question": "…"}.'
NO_QUESTION_FIELD = "La demande doit contenir « question », un texte."
BAD_FILTERS = "« filters » doit être un objet."
LIST_OF_TEXTS, A_TEXT, A_DATE = "une liste de textes", "un texte", "une date AAAA, AAAA-MM ou AAAA-MM-JJ"
TRUE_OR_FALSE = "vrai (true) ou faux (false)"

IN_SHORT, LEVERS, EXAMPLES, ALSO = "En bref", "Leviers", "Exemples", "À noter aussi"

OUT_OF_SCOPE = (
    "Je réponds à partir des publications du RTES et des centres de ressources politique de la ville, sur l'économie sociale "
    "et solidaire et les quartiers. Cette question n'en relève pas."
)
GUIDANCE = (
    "Bonjour. Je réponds aux questions sur l'économie sociale et solidaire dans les quartiers, en citant les publications du "
    "RTES et des centres de ressources politique de la ville. Posez par exemple : « Quels leviers pour associer les bailleurs "
    "sociaux ? » ou « Un exemple d'urbanisme transitoire à Rennes »."
)
NO_ANSWER = "Les publications consultées ne répondent pas à cette question."
NEAREST = "Le plus proche de votre question figure ci-dessous ; ce n'est pas une réponse."


# How a filter is called where it is shown.
FILTER_NAMES = {
    "publisher": "publié par",
    "from": "depuis",
    "to": "jusqu'à",
    "themes": "thème",
    "territory": "territoire",
}


def filter_values(filters: Filters) -> tuple[str, ...]:
    """The filters that are set, each as it is shown: "publié par : RTES"."""
    values = filters.to_json()
    return tuple(
        f"{FILTER_NAMES[name]} : {', '.join(value) if isinstance(value, list) else value}"
        for name, value in values.items()
    )


def not_applied(dropped: Filters) -> str:
    """That these filters would have left no publication; empty when there are none."""
    values = filter_values(dropped)
    if not values:
        return ""
    named = _and([f"« {value} »" for value in values])
    return f"Aucune publication consultée ne correspond à {named} : je n'en ai pas tenu compte."


def nothing_there(territory: str) -> str:
    """When a question is about a territory of which no passage speaks."""
    return f"Les publications consultées ne donnent rien sur ce territoire : {territory}."


def _and(items: Sequence[str]) -> str:
    return " et ".join(filter(None, (", ".join(items[:-1]), items[-1])))


def no_answer_about(names: Sequence[str]) -> str:
    """When the question names what no publication names."""
    return f"Les publications consultées ne disent rien de : {', '.join(names)}."


def ask(contacts: Sequence[str]) -> str:
    """Whom to ask; the names come from corpus/contacts.json."""
    return f"Pour aller plus loin : {' ; '.join(contacts)}."


def quotation(place: str, text: str, citations: Sequence[int]) -> str:
    """One line of an answer: where, what the source says, the marks of its citations."""
    marks = "".join(f"[{n}]" for n in citations)
    return f"- {place} : « {text} » {marks}" if place else f"- « {text} » {marks}"


def read_on(url: str) -> str:
    """The title of a link that a publication gives without one: its host."""
    return f"Lien donné par la publication ({urlsplit(url).hostname or url})"


def too_long(length: int, limit: int) -> str:
    """When the question exceeds the limit, in characters."""
    return f"Votre question compte {length} caractères ; la limite est de {limit}. Pouvez-vous la raccourcir ?"


def unknown_filters(names: Sequence[str], known: Sequence[str]) -> str:
    """When `filters` has keys that the contract does not know."""
    return f"Filtre inconnu : {', '.join(names)}. Filtres possibles : {', '.join(known)}."


def bad_filter(name: str, expected: str) -> str:
    """When a filter has a value of another type or form."""
    return f"Le filtre « {name} » doit être {expected}."


def bad_field(name: str, expected: str) -> str:
    """When a field of a request has a value of another type."""
    return f"« {name} » doit être {expected}."


def bad_history(most: int) -> str:
    """When `history` is not what a conversation is."""
    return f'« history » doit être une liste d\'au plus {most} objets {{"question": "…", "text": "…"}}.'


def reversed_period(since: str, until: str) -> str:
    """When a period ends before it begins."""
    return f"La période est inversée : du {since} au {until}."
