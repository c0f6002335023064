"""Every string that a user of the chat or of the HTTP API sees, in French (answers' own phrases: `rag/phrases.py`).

Those of the pages without script are in `ui/texts_plain.py` and `ui/texts_about.py`.

They are written with plain spaces; `ui.typography.french` makes those unbreakable that French typography wants so.
"""

from __future__ import annotations

from collections.abc import Sequence

TITLE = "Assistant ESS et quartiers"
NETWORKS = "RTES et centres de ressources politique de la ville"
DESCRIPTION = (
    "Posez une question sur l'économie sociale et solidaire dans les quartiers : chaque phrase de la réponse cite la "
    "publication et la page dont elle vient."
)
KNOWS = (
    "Il répond à partir des publications de ces réseaux sur l'économie sociale et solidaire et les quartiers. Ce "
    "qu'elles ne disent pas, il ne le sait pas, et le dit."
)
GREETING = (
    "Bonjour. Je suis un assistant automatique : je choisis et je cite des extraits de ces publications. Je peux me "
    "tromper ; vérifiez les citations à leur source."
)
PRIVACY = (
    "Ne donnez aucune donnée personnelle dans vos questions. Elles ne sont ni enregistrées ni transmises à un tiers."
)
GREETING_WRITTEN = (
    "Bonjour. Je suis un assistant automatique : un modèle de langue rédige mes réponses d'après des extraits de ces "
    "publications, et chaque phrase est vérifiée dans ses sources. Je peux me tromper ; lisez les citations."
)
_TOLD = (
    "Ne donnez aucune donnée personnelle dans vos questions. Elles sont transmises, avec les extraits trouvés, au modèle de "
    "langue qui rédige ({told}), parfois avec les questions et réponses précédentes de la conversation ; {kept}."
)
_NOT_KEPT_HERE = "ce service ne les enregistre pas"
_KEPT_HERE = "ce service les conserve {days}, sans rien de vous (ni adresse, ni identifiant)"
_KEPT = (
    "Ne donnez aucune donnée personnelle dans vos questions. Elles sont conservées {days}, sans rien de vous (ni adresse, ni "
    "identifiant), pour savoir à quoi les publications ne répondent pas ; elles ne sont pas transmises à un tiers."
)
NO_SCRIPT = (
    "La conversation a besoin de JavaScript, qui est désactivé dans ce navigateur. La même question peut être posée"
    " sans lui :"
)
LOADING_CHAT = "La conversation se charge…"

EXAMPLES = (
    "Comment mieux associer les bailleurs sociaux aux projets de l'ESS ?",
    "Quel exemple d'urbanisme transitoire à Rennes ?",
    "Comment prendre en compte l'économie informelle dans un contrat de ville ?",
    "Qu'est-ce que la revitalisation urbaine intégrée ?",
)
EXAMPLES_TITLE = "Exemples de questions"
CONVERSATION = "Conversation"
QUESTION_LABEL = "Votre question"
QUESTION_HINT = "500 caractères au plus"
SEND = "Envoyer"
STOP = "Arrêter"
FILTERS = "Préciser les publications consultées"
PUBLISHER = "Publié par"
ALL_PUBLISHERS = "Tous"
SINCE = "Depuis l'année"
UNTIL = "Jusqu'à l'année"
YEAR_HINT = "Par exemple 2021"
THEMES = "Thèmes"
TERRITORY = "Territoire"
TERRITORY_HINT = "Commune, intercommunalité, département, région, outre-mer"

UNDERSTOOD = "Question comprise"
EDIT, EDIT_WHAT = "Modifier", "la question comprise"
ASKED_ON = "Question posée sur la page « {title} »"
ASKED_ON_UNTITLED = "Question posée sur une page sans titre"
PAGE_UNREAD = "Cette page ne fait pas partie des publications lues."
PAGE_UNREAD_ANSWERED = "Cette page ne fait pas partie des publications lues : la réponse vient des autres."
HOST_PAGE = "Page où la question est posée"
FILTERS_HELD = "Recherche limitée à"
NO_EFFECT = "sans effet"
DECLINE = "Retirer « {filter} »"
MORE = "Plus de détails"
NEXT = "Pour continuer"
EXTRACTED = "Réponse extraite : chaque phrase est une citation vérifiée, sans rédaction."
EXTRACTED_INSTEAD = (
    "Réponse extraite : le modèle de langue n'a pas donné, ou pas à temps, de réponse vérifiable. Chaque phrase est une "
    "citation."
)
WRITTEN = "Réponse rédigée par un modèle de langue, dont chaque phrase a été vérifiée dans ses sources."

YOU_SAID = "Vous avez demandé"
ASSISTANT_SAYS = "Réponse de l'assistant"
SOURCE = "Source"
SOURCES = "Sources"
FIELD_EXAMPLES = "Exemples de terrain"
NEAREST = "Voir aussi"
READ_ON = "Pour aller plus loin"
OPEN_SOURCE = "Ouvrir la publication"
ELSEWHERE = "Voir aussi sur {host}"
IN_THE_TEXT = "Voir dans le texte"
BACK = "Revenir à la réponse"
NEW_TAB = "nouvel onglet"
PUBLISHED = "publié en"
COPY = "Copier la réponse et ses sources"
REPORT = "Signaler une erreur"
WAS_IT_USEFUL = "Cette réponse vous a-t-elle été utile ?"
USEFUL, USELESS = "Utile", "Pas utile"

# What the chat's page shows of its own, by the names of its template.
PAGE = {
    "to_question": "Aller à la question",
    "new": "Nouvelle",
    "new_what": "conversation",
    "history": "Conversations",
    "history_here": "Vos conversations restent dans ce navigateur, où vous pouvez les rouvrir ou les effacer.",
    "history_where": (
        "Elles sont gardées dans ce navigateur seulement, jamais sur le serveur ; au-delà de trente, les plus anciennes "
        "s'effacent. Sur un poste partagé, effacez-les en partant."
    ),
    "history_problem": (
        "Ce navigateur ne permet pas de garder les conversations : celles-ci disparaîtront avec cette page."
    ),
    "history_keep": "Garder mes conversations dans ce navigateur",
    "history_none": "Aucune conversation gardée.",
    "forget_all": "Tout effacer",
    "forget_sure": "Oui, effacer toutes les conversations",
    "take_away": "Emporter",
    "export_md": "Exporter (Markdown)",
    "export_odt": "Exporter (ODT)",
    "print": "Imprimer",
    "close": "Fermer",
    "cancel": "Annuler",
    "other_sources": "Autres sources de cette réponse",
    "previous_source": "Source précédente",
    "next_source": "Source suivante",
    "comment": "Votre commentaire (facultatif)",
    "with_question": "Joindre ma question",
    "opinion_kept": (
        "Seront enregistrés : votre avis, la réponse affichée, ses citations et la version de l'index. Ni adresse, ni "
        "identifiant."
    ),
    "send_opinion": "Envoyer l'avis",
    "opinion_lost": "L'avis n'a pas pu être enregistré. Réessayez plus tard.",
}
# What its script says, by the names of the attributes that it reads them from; {…} is filled in there.
SCRIPT = {
    "conversation": CONVERSATION,
    "examples": EXAMPLES_TITLE,
    "next": NEXT,
    "searching": "Recherche en cours…",
    "stopped": "Réponse arrêtée : elle est incomplète, et n'est pas gardée.",
    "answer-ready": "Réponse : ",
    "not-answered": "La question n'a pas reçu de réponse. Vérifiez votre connexion, puis envoyez-la de nouveau.",
    "copied": "Copié.",
    "not-copied": "La copie n'a pas été possible.",
    "source-of": "Source {n} sur {all}",
    "started": "Nouvelle conversation.",
    "reopened": "Conversation rouverte : {title}",
    "not-reopened": "La conversation n'a pas pu être rouverte. Vérifiez votre connexion, puis réessayez.",
    "delete": "Supprimer",
    "delete-what": "la conversation : {title}",
    "deleted": "Conversation supprimée.",
    "forgotten": "Toutes les conversations sont effacées.",
    "thanks": "Merci, votre avis est enregistré.",
    "opinion-lost": PAGE["opinion_lost"],
    "nothing-to-export": "Il n'y a pas encore de conversation à exporter.",
    "exporting": "Préparation du fichier…",
    "exported": "Le fichier est prêt.",
    "not-exported": "L'export n'est pas disponible pour l'instant. Vous pouvez copier les réponses ou imprimer la page.",
}

ASK_ASSISTANT = "Poser une question à l'assistant"
CORRECTED = "Texte lu par OCR et corrigé : en cas de doute, l'original fait foi."
BEFORE_CORRECTION = "Texte avant correction"
TO_QUOTATION = "Aller à la citation"
QUOTATION_BEGINS = "Début de la citation : "
QUOTATION_ENDS = " Fin de la citation. "
AROUND = "Autour de ce texte"
PREVIOUS_PAGE = "Page précédente"
NEXT_PAGE = "Page suivante"
PREVIOUS_PART = "Partie précédente"
NEXT_PART = "Partie suivante"
QUOTATION = "Passage cité"
QUOTATION_MARKED = "Passage surligné sur la page {page} :"
PICTURE_OF_PAGE = "Image de la page {page} de la publication ; son texte est donné sous l'image."
ENLARGE = "Agrandir l'image"
NO_TEXT = "Aucun texte n'a été lu sur cette page."
NO_PICTURE = "L'image de la page n'est pas disponible ; en voici le texte."
NOT_ON_PICTURE = "Le passage n'a pas pu être situé sur l'image de la page ; il est marqué dans son texte, ci-dessous."
MOVED = (
    "Le passage demandé ne se trouve pas, ou plus, dans le texte de cette publication, qui a pu être relue depuis : voici la "
    "page où il était attendu."
)
OTHER_QUOTATIONS = "Autres citations de cette page dans la même réponse"
REFERENCE = "Référence"
COPY_REFERENCE = "Copier la référence"
AVAILABLE = "Disponible sur : {url}"
READ_IN = "Lu dans « {name} »"
CONSULTED = "consulté le {date}"
OPEN_AT_PAGE = "Ouvrir la publication d'origine à la page {page}"
OPEN_AT_PASSAGE = "Ouvrir la page d'origine à ce passage"
NO_SUCH_SOURCE_TITLE = "Publication introuvable"
NO_SUCH_SOURCE = "Cette publication n'est pas, ou n'est plus, dans l'index de l'assistant."
UNREADABLE_TITLE = "Texte indisponible"
UNREADABLE = "Le texte de cette publication ne peut pas être lu pour l'instant. Réessayez plus tard."

STARTING_TITLE = "L'assistant démarre…"
STARTING = "L'assistant ouvre ses publications. Cette page se met à jour toute seule ; cela prend quelques secondes."
BUILDING = "L'assistant prépare l'index de ses publications, environ une minute. Cette page se met à jour toute seule."
FAILED_TITLE = "L'assistant n'a pas pu démarrer"
FAILED = (
    "Le service n'est pas disponible pour l'instant. La personne qui l'administre en trouve la raison dans le journal."
)
FAILED_REASON = "erreur inattendue, voir le journal du service"

NOT_READY = "L'assistant démarre : réessayez dans quelques secondes."
NOT_AVAILABLE = "L'assistant n'a pas pu démarrer : réessayez plus tard."
NOT_JSON = "La demande n'est pas du JSON valide en UTF-8."
TOO_LARGE = "La demande dépasse la taille permise."
WRONG_TYPE = "La demande doit être envoyée avec « Content-Type: application/json »."
ONLY_POST = "Cette adresse n'accepte que la méthode POST."
FOREIGN_ORIGIN = "Les demandes venant d'un autre site ne sont pas acceptées."
NOT_FOUND_TITLE = "Page introuvable"
NOT_FOUND = "Cette adresse n'existe pas."
BROKEN = "Une erreur est survenue ; la question n'a pas pu être traitée. Réessayez, ou reformulez-la."

TRY_AGAIN_TITLE = "Réessayez dans un instant"
BUSY = "Beaucoup de questions arrivent en même temps. Réessayez dans un instant."
TOO_MANY = "Trop de demandes sont venues de votre connexion en une minute. Réessayez dans un instant."

FEEDBACK_NOT_AN_OBJECT = "L'avis doit être un objet JSON."
FEEDBACK_USEFUL = "Le champ « useful » doit être vrai ou faux."
FEEDBACK_COMMENT = "Le champ « comment » doit être un texte de {most} caractères au plus."
FEEDBACK_ANSWER = "Le champ « answer » doit être un objet."
FEEDBACK_TEXT = "Le champ « answer.{field} » doit être un texte de {most} caractères au plus."
FEEDBACK_STATUS = "Le champ « answer.status » doit être l'un de : {known}."
FEEDBACK_CITATIONS = (
    "Le champ « answer.citations » doit être une liste de {most} citations au plus, chacune avec « publication_id », "
    "« start » et « end »."
)
FEEDBACK_NOT_KEPT = "L'avis n'a pas pu être enregistré. Réessayez plus tard."

GAPS_OFF = "Aucune question n'est conservée : QUESTION_LOG_DAYS vaut 0 (README.md, Settings)."
GAPS_NONE = "Aucune question restée sans réponse."
GAPS_TITLE = "Questions restées sans réponse"
GAPS_COLUMNS = ("Questions", "Dernier jour", "Termes communs", "Exemples")

_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


def privacy(question_log_days: int, told: str = "") -> str:
    """What becomes of a question: not kept, or for how many days; `told` is to whom it is sent, if to anybody."""
    days = "un jour" if question_log_days == 1 else f"{question_log_days} jours"
    if told:
        kept = _KEPT_HERE.format(days=days) if question_log_days else _NOT_KEPT_HERE
        return _TOLD.format(told=told, kept=kept)
    return _KEPT.format(days=days) if question_log_days else PRIVACY


def greeting(told: str = "") -> str:
    """Who speaks; `told` as above."""
    return GREETING_WRITTEN if told else GREETING


def gaps_summary(questions: int, groups: int, since: str | None) -> str:
    """How many questions had no answer, and of how many kinds they are."""
    many = f"{questions} question{'s' if questions > 1 else ''}, {groups} groupe{'s' if groups > 1 else ''}"
    return f"{many}, depuis le {date(since)}." if since else f"{many}."


def page(number: int) -> str:
    """Where in a publication, as French notes write it."""
    return f"p. {number}"


def pages(numbers: Sequence[int]) -> str:
    """Where in a publication, for one page or neighbouring ones."""
    return page(numbers[0]) if len(numbers) == 1 else f"p. {numbers[0]}-{numbers[-1]}"


def text_of(numbers: Sequence[int]) -> str:
    """What opens the text under pictures of pages."""
    return f"Texte de la page {numbers[0]}" if len(numbers) == 1 else f"Texte des pages {numbers[0]} à {numbers[-1]}"


def page_of(number: int) -> str:
    """Which page, as a heading."""
    return f"Page {number}"


def part_of(number: int, count: int) -> str:
    """Which part of a text that has no pages, as a heading."""
    return f"Partie {number} sur {count}" if count > 1 else "Texte intégral"


def date(iso: str) -> str:
    """A catalogue date (YYYY, YYYY-MM or YYYY-MM-DD) in words: "mai 2023"; anything else as it is."""
    parts = iso.split("-")
    if len(parts) > 3 or not all(part.isdecimal() for part in parts):
        return iso
    if len(parts) == 1 or not 1 <= int(parts[1]) <= 12:
        return iso
    month = f"{_MONTHS[int(parts[1]) - 1]} {parts[0]}"
    if len(parts) == 2:
        return month
    day = int(parts[2])
    return f"{'1er' if day == 1 else day} {month}"


def published(iso: str) -> str:
    """When something was published: "publié le 14 juin 2018", "publié en mai 2023"."""
    said = date(iso)
    return f"publié le {said}" if said[:1].isdecimal() and " " in said else f"{PUBLISHED} {said}"


def removed(count: int) -> str:
    """How many sentences were dropped because no source proved them."""
    if count == 1:
        return "1 phrase a été retirée : sa citation n'a pas pu être vérifiée."
    return f"{count} phrases ont été retirées : leurs citations n'ont pas pu être vérifiées."


def index_day(iso: str) -> str:
    """Of which day the index is that an answer was made from."""
    return f"Index du {date(iso)}."


def index_of(publishers: Sequence[str], date_of_index: str) -> str:
    """What the answers rest on, for the foot of the page."""
    return f"Index du {date(date_of_index)}. Publications consultées : {', '.join(publishers)}."
