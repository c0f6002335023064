"""Every string that `python -m evals add` shows, in French."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evals.questions import Kind, Split
from rag.answer import Status

YES = frozenset({"o", "oui"})
NO = frozenset({"n", "non"})

INTRODUCTION = (
    "Vous allez ajouter une question au jeu d'évaluation : la question, les passages qui y répondent, son type, sa moitié.\n"
    "Rien n'est écrit avant votre confirmation ; Ctrl-C abandonne à tout moment."
)
BUILDING = "Le corpus est lu et indexé pour l'occasion : comptez une à deux minutes."
READY = "L'index est prêt."
STOPPED = "Abandon : rien n'a été écrit."
NOT_WRITTEN = "La ligne n'est pas valable : rien n'a été écrit."

QUESTION = "Votre question, telle qu'un praticien l'écrirait : "
UNREADABLE = "certains caractères sont illisibles (UTF-8 est attendu)"
YES_OR_NO = "répondez par o (oui) ou n (non)"
LEAKS_BOTH_WAYS = "elle ne pourrait entrer dans aucune moitié ; formulez-en une autre"

CITED = " [cité dans la réponse]"
PASSAGES = "\nPassages trouvés, du meilleur au moins bon :"
NO_PASSAGE = "Aucun passage n'a été trouvé."
NO_MORE = "Il n'y a pas d'autre passage."
EVIDENCE_HELP = (
    "\nMarquez maintenant ce qui répond : un numéro de passage pour en choisir des phrases, ou un segment collé tel quel ;\n"
    "« s » montre la suite des passages, « - » retire la dernière preuve, Entrée termine (ou : rien ne répond)."
)
EVIDENCE = "Passage ou segment : "
SENTENCES = "Phrases (« 2 », « 1,3 » pour deux preuves, « 2-3 » d'un seul tenant ; Entrée pour revenir) : "
GRADE = "Valeur de cette preuve, 2 : elle répond, 1 : elle aide seulement [2] : "
GRADES = "répondez 2 (elle répond) ou 1 (elle aide seulement)"
WHICH_PUBLICATION = "Ce segment se trouve dans plusieurs publications ; laquelle : "
NOTHING_TO_REMOVE = "aucune preuve n'est encore retenue"
NEEDS_AN_ANSWER = "une preuve au moins doit répondre (valeur 2) ; ajoutez-en une, ou retirez celles-ci avec « - »"
ALREADY_MARKED = "ce segment est déjà retenu"

NOTHING_ANSWERS = "\nRien ne répond dans les publications. Quel refus est juste ?"
BACK = "revenir aux passages"
REFUSAL = "Refus : "
KIND_TITLE = "\nType de question :"
KIND = "Type : "
STATUSES_TITLE = "\nStatuts justes pour cette question, plusieurs au besoin :"

TERRITORY_NEEDED = "une question de territoire a au moins un territoire attendu"
FIGURES = "\nChiffres qu'une bonne réponse montre, tels que la source les écrit, séparés par « ; » (Entrée : aucun) : "
SPLIT_HELP = (
    "\nMoitié : une question « dev » peut servir à régler l'assistant ; une question « test » ne sert qu'à le mesurer,\n"
    "rien n'est jamais réglé sur elle. Tirez au sort plutôt que de choisir d'après la réponse."
)
NOTE = "Note pour les autres auteurs (facultative, Entrée pour aucune) : "
LINE = "\nLa ligne :"

KINDS = {
    Kind.HOW_TO: "comment faire : une méthode, une démarche, un levier",
    Kind.FACT: "un fait précis : un chiffre, une date, un nom",
    Kind.EXAMPLE: "un exemple de terrain",
    Kind.DEFINITION: "ce que veut dire un mot ou un sigle",
    Kind.KEYWORDS: "des mots-clés, sans phrase",
    Kind.MISSPELT: "une question mal orthographiée",
    Kind.ENGLISH: "une question en anglais",
    Kind.TERRITORY: "ce qui se fait sur un territoire nommé",
}
REFUSALS = {
    Kind.ABSENT: "absente : dans le champ, mais les publications n'en disent rien",
    Kind.OFF_TOPIC: "hors sujet : sans rapport avec l'ESS ni la politique de la ville",
    Kind.HOSTILE: "hostile : injure, ou tentative de détourner l'assistant",
}
STATUSES = {
    Status.NO_ANSWER: "les publications ne répondent pas, voici le plus proche",
    Status.OUT_OF_SCOPE: "la question est hors du champ",
    Status.REFUSED: "la question est refusée",
    Status.GUIDANCE: "l'assistant explique ce qu'il sait faire",
}


def again(reason: str) -> str:
    """Before the same is asked once more."""
    return f"  → {reason}" + "." * (reason[-1] not in ".?!")


def expected_number(line: str, most: int) -> str:
    """No number of the list."""
    return f"« {line} » ne convient pas : un numéro de 1 à {most} est attendu"


def asked_already(name: str) -> str:
    """The same question stands in the set."""
    return f"cette question est déjà dans le jeu ({name})"


def near(names: Sequence[str], split: Split) -> str:
    """What is said of a question that is like others of one half."""
    return f"Elle dit presque la même chose que {', '.join(names)} ({split}) : elle ira dans la même moitié, {split}."


def near_both(dev: Sequence[str], test: Sequence[str]) -> str:
    """A question like others of both halves."""
    return f"elle dit presque la même chose que {', '.join(dev)} (dev) et {', '.join(test)} (test) : {LEAKS_BOTH_WAYS}"


def answer(status: Status, text: str) -> str:
    """The assistant's answer with its status in words."""
    if status is Status.ANSWERED:
        return f"\nL'assistant répond :\n{text}"
    return f"\nL'assistant ne répond pas ({status} : {STATUSES.get(status, text)}) :\n{text}"


def place(title: str, publisher: str, date: str | None, page: int | None) -> str:
    """Publication and page."""
    source = ", ".join(filter(None, (publisher, date)))
    return f"{title} ({source}), {f'p. {page}' if page else 'sans page'}"


def words_expected(found: int) -> str:
    """A segment too short or too long."""
    if found < 6:
        return f"une preuve a de 6 à 40 mots, celle-ci {found} ; prenez-en davantage d'un seul tenant (« 2-3 »)"
    return f"une preuve a de 6 à 40 mots, celle-ci {found} ; collez-en seulement le segment qui répond"


def stands(times: int) -> str:
    """A segment that does not stand exactly once."""
    if times == 0:
        return "ce segment ne se trouve tel quel dans aucune publication ; copiez-le mot pour mot"
    return f"ce segment se trouve {times} fois dans la publication ; allongez-le jusqu'à ce qu'il soit unique"


def kept(segment: str, where: str) -> str:
    """A segment that is now evidence."""
    return f"  Retenu : « {segment} », {where}."


def removed(segment: str) -> str:
    """A segment that no longer is."""
    return f"  Retiré : « {segment} »."


def statuses(default: str) -> str:
    """Prompt for the expected statuses."""
    return f"Numéros [{default}] : "


def territories(found: Iterable[str], *, needed: bool) -> str:
    """Prompt for the expected territories."""
    told = ", ".join(found)
    hint = f"\nVos preuves parlent de : {told}." if told else ""
    nothing = "" if needed else " (Entrée : aucun)"
    return f"{hint}\nTerritoires où se passe ce qu'une bonne réponse montre d'abord, séparés par « ; »{nothing} : "


def unknown_territory(name: str, meant: Iterable[str]) -> str:
    """A name that the gazetteer does not give."""
    told = ", ".join(meant)
    return f"« {name} » n'est pas un nom du référentiel" + (f" ; essayez : {told}" if told else "")


def figure_elsewhere(name: str) -> str:
    """A figure that no evidence has."""
    return f"« {name} » ne se trouve dans aucune de vos preuves ; recopiez-le tel qu'elles l'écrivent"


def no_figure(name: str) -> str:
    """A figure without digits."""
    return f"« {name} » n'a pas de chiffre"


def uneven(kind: Kind, split: Split, counts: tuple[int, int]) -> str:
    """Why a question of this kind cannot be of this half."""
    dev, test = counts
    return (
        f"le type {kind} compte {dev} dev et {test} test, et ses moitiés ne diffèrent que d'une question au plus : {split} "
        "en ferait trop"
    )


def leaking(split: Split, names: Sequence[str], other: Split) -> str:
    """Why a question that is like others cannot be of this half."""
    return f"{split} ne va pas : elle dit presque la même chose que {', '.join(names)} ({other})"


def no_half(reasons: Iterable[str]) -> str:
    """A kind that neither half can take."""
    return f"aucune moitié ne peut recevoir ce type ({' ; '.join(reasons)}) ; choisissez-en un autre, ou abandonnez (Ctrl-C)"


def split(default: Split) -> str:
    """Prompt for the half."""
    return f"dev ou test [{default}] : "


def split_expected(line: str) -> str:
    """No half is called so."""
    return f"« {line} » ne convient pas : dev ou test est attendu"


def confirm(path: object) -> str:
    """The last prompt."""
    return f"\nAjouter cette ligne à {path} (o/n) ? "


def added(name: str, path: object) -> str:
    """It is done."""
    return f"Ajoutée : {name}, dans {path}."


def renumbered(shown: str, name: str) -> str:
    """Someone else has taken the number in the meantime."""
    return f"Le numéro {shown} a été pris entre-temps : la question porte le numéro {name}."


def reminder(digest: str, chosen: Split) -> str:
    """What the gate says from now on, and what to do about it."""
    models = "\n- La question est « dev » : `python -m evals calibrate` ajuste les modèles sur elle aussi." * (
        chosen is Split.DEV
    )
    return (
        "\nÀ faire ensuite. evals/floors.json porte l'empreinte du jeu de questions, qui vient de changer : tant qu'elle\n"
        "n'est pas remise à jour, `make evals`, `python -m evals gate` et `python -m ingest build --gate` échouent et disent\n"
        f"« floors were set on others: questions_sha256 is …, found {digest[:12]}… » :\n"
        "- Lancez `python -m evals run --failures` et regardez les chiffres.\n"
        "- Puis fixez les planchers sur le nouveau jeu : `python -m evals gate --keep NOM --raise --readme`." + models
    )
