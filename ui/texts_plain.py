"""Every string of the pages without script (`/q`, `/publications`), of exports and of the ways between pages, in French.

As in `ui/texts.py`, with plain spaces; those of `/a-propos` are in `ui/texts_about.py`.
"""

from __future__ import annotations

from ui import texts

NAVIGATION = "Pages du service"
TO_CHAT = "Conversation"
TO_PLAIN = "Poser une question sans JavaScript"
TO_PUBLICATIONS = "Publications consultées"
TO_ABOUT = "À propos"
TO_DATA = "Données personnelles"
TO_LEGAL = "Mentions légales"
TO_ACCESSIBILITY = "Accessibilité : non conforme"
SKIP = "Aller au contenu"
INDEX_DATE = "Index du {date}."
NO_SCRIPT_WAY = "Poser la question sur une page sans JavaScript"

ASK_TITLE = "Poser une question"
ANSWER_TITLE = "Réponse à votre question"
ERROR_TITLE = "La question n'a pas pu être traitée"
ASK_AGAIN = "Poser une autre question"
ASK_HINT = "500 caractères au plus. Une question de suite est comprise d'après les précédentes."
PERIOD_HINT = "Année, par exemple 2021"
PERIOD = "Période de publication"
ANY_THEME = "Sans thème coché, tous les thèmes sont consultés."
ALL = "Tous"
EXAMPLES_HINT = "Exemples de questions"
FILTERS_HELD = "Recherche limitée à :"
REMOVE = "retirer"
DROPPED = "sans effet"
NEXT = "Pour continuer"
MORE = "Plus de détails"
EARLIER = "Questions précédentes"
EARLIER_HINT = "Revenir à une question en reprend la conversation à cet endroit."
AFRESH = "Commencer une nouvelle conversation"
TAKE_AWAY = "Emporter la conversation"
AS_ODT = "Télécharger en ODT (LibreOffice, Word)"
AS_MARKDOWN = "Télécharger en Markdown"
SHARE = "Partager cette question"
SHARED_ADDRESS = "Adresse à copier"
SHARED_LINK = "Ouvrir cette adresse"
SHARE_HINT = (
    "Ce lien pose la même question à qui l'ouvre. Il contient la question en clair : ne le partagez qu'à dessein."
)

AUTOMATIC = (
    "Cet assistant est automatique : il choisit et cite des extraits de publications. Il peut se tromper ; vérifiez "
    "les citations à leur source."
)

AUTOMATIC_WRITTEN = (
    "Cet assistant est automatique : un modèle de langue rédige d'après des extraits de publications, et chaque phrase est "
    "vérifiée dans ses sources. Il peut se tromper ; lisez les citations."
)

NOT_A_FORM = (
    "La demande n'a pas la forme attendue (« application/x-www-form-urlencoded »). Utilisez le formulaire ci-dessous."
)
NOT_UTF8 = "La demande contient des caractères qui ne sont pas de l'UTF-8. Écrivez de nouveau votre question."
TWICE = "Le champ « {name} » est donné plusieurs fois. Relisez le formulaire, puis envoyez-le de nouveau."
TOO_LONG_FIELD = "Le champ « {name} » est trop long : {limit} caractères au plus."
TOO_LARGE = "La demande dépasse la taille permise. Commencez une nouvelle conversation."
BAD_CONVERSATION = "La conversation reçue n'est pas lisible. Posez votre question dans une nouvelle conversation."
NOTHING_BEFORE = "La question à reprendre manque. Écrivez-la de nouveau."
WRONG_METHOD = "Cette adresse n'accepte que les méthodes GET et POST."
ONLY_POST = "Cette adresse n'accepte que la méthode POST."
NOT_A_DATE = "« {name} » doit être une année (2021), un mois (2021-05) ou un jour (2021-05-17)."
FIELDS = {
    "question": "Question",
    "publisher": "Publié par",
    "from": "Depuis l'année",
    "to": "Jusqu'à l'année",
    "theme": "Thèmes",
    "territory": "Territoire",
}

PUBLICATIONS_TITLE = "Publications consultées"
PUBLICATIONS_LEAD = (
    "L'assistant répond d'après ces publications, et d'elles seules. Chacune peut être lue ici, telle que l'assistant"
    " l'a lue, et à son adresse d'origine quand elle en a une."
)
BY_NETWORK = "Par réseau"
BY_THEME = "Par thème"
ALL_NETWORKS = "Tous les réseaux"
ALL_THEMES = "Tous les thèmes"
NARROWING = "Choisir les publications"
NO_PUBLICATION = "Aucune publication ne correspond à ce choix."
READ_HERE = "Lire le texte"
ORIGINAL = "Original"
THEMES_OF = "Thèmes :"
UNDATED = "sans date"
PAGES_OF_LIST = "Pages de la liste"
PREVIOUS = "Précédentes"
FOLLOWING = "Suivantes"
KINDS = {
    "application/pdf": "PDF",
    "text/html": "Page web",
    "text/plain": "Texte",
    "text/markdown": "Texte",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Document Word",
    "application/vnd.oasis.opendocument.text": "Document ODT",
}

REPORT_SUBJECT = "Erreur dans une réponse : {name}"
REPORT_QUESTION = "Question posée : {question}"
REPORT_BUILD = "Index : {build}"
REPORT_SOURCES = "Sources de la réponse :"
REPORT_REMARK = "Ce qui ne va pas :"

EXPORT_TITLE = "{name} : conversation du {date}"
EXPORT_QUESTION = "Question {number} : {question}"
EXPORT_ANSWER = "Réponse"
EXPORT_QUOTATIONS = "Citations"
EXPORT_BIBLIOGRAPHY = "Bibliographie"
EXPORT_HOW_TITLE = "Comment ce document a été fait"
EXPORT_HOW = (
    "Les réponses sont composées automatiquement d'extraits des publications. Elles ont été établies de nouveau au "
    "moment de l'export, à partir des questions, et chaque citation a été retrouvée mot pour mot dans le texte de sa "
    "publication. Les textes lus par OCR ont été corrigés : en cas de doute, l'original fait foi."
)
EXPORT_DATES = "Consulté le {date}. Index du {index} ({build})."
EXPORT_UNDERSTOOD = "Question comprise : {question}"
EXPORT_HELD = "Recherche limitée à : {filters}"
EXPORT_PAGES = "p. {pages}"
EXPORT_FILE = "conversation-{date}"
EXPORT_CITED = "question {numbers}"
EXPORT_CITED_SEVERAL = "questions {numbers}"
EXPORT_TEXT = "Texte lu par l'assistant"
BAD_EXPORT = 'La demande doit être {"turns": [{"question": "…"}], "format": "md" ou "odt"}, de 1 à 20 tours.'


def count(number: int) -> str:
    """How many publications."""
    return f"{number} publication{'s' if number > 1 else ''}"


def pages(number: int) -> str:
    """How long a paged publication is."""
    return f"{number} page{'s' if number > 1 else ''}"


def words(number: int) -> str:
    """How long one without pages is, rounded to hundreds."""
    rounded = max(100, round(number, -2))
    return f"environ {rounded:,}".replace(",", " ") + " mots"


def index_date(iso: str) -> str:
    """The date of the index, as a sentence."""
    return INDEX_DATE.format(date=texts.date(iso[:10]))
