"""Every phrase of an answer that is not a quotation. They say nothing that a quotation would have to prove.

An answer is framed in the language of its question: `phrases_for("fr")`, `phrases_for("en")`; quotations stay in the language
of their sources. What is wrong with a request is said in French alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """The phrases of one language. Those in braces are filled in by the methods."""

    language: str
    # Headings of sections.
    in_short: str
    definition: str
    levers: str
    examples: str
    also: str
    # Texts of the statuses that answer nothing.
    out_of_scope: str
    guidance: str
    thanks: str
    unclear: str
    no_such_point: str
    no_answer: str
    nearest: str
    # Below what a chat model did not finish.
    interrupted: str
    # How a filter is called where it is shown, by its name in the contract.
    filter_names: Mapping[str, str]
    # Filled in by the methods below.
    dropped: str
    silent_there: str
    only_around: str
    set_aside: str
    not_of_page: str
    silent_of_it_there: str
    silent_about: str
    contacts: str
    link_of: str
    differing: str
    dated: str
    dated_several: str
    ended: str
    followed: str
    past_period: str
    colon: str
    last_of_several: str

    @property
    def headings(self) -> tuple[str, ...]:
        """The lines of an answer's text that are headings."""
        return (self.in_short, self.definition, self.levers, self.examples, self.also)

    def filter_values(self, filters: Filters) -> dict[str, str]:
        """The filters that are set, by their names in the contract, each as it is shown: "publié par : RTES"."""
        return {
            name: f"{self.filter_names[name]}{self.colon}{', '.join(value) if isinstance(value, list) else value}"
            for name, value in filters.to_json().items()
        }

    def not_applied(self, dropped: Filters) -> str:
        """That these filters would have left no publication; empty when there are none."""
        values = [f"« {value} »" for value in self.filter_values(dropped).values()]
        *first, last = values or [""]
        named = self.last_of_several.join(filter(None, (", ".join(first), last)))
        return self.dropped.format(names=named) if values else ""

    def nothing_there(self, territory: str) -> str:
        """When a question is about a territory of which no passage speaks."""
        return self.silent_there.format(name=territory)

    def nothing_but_around(self, place: str, around: str) -> str:
        """When what is shown is of what holds a place, and not of the place itself."""
        return self.only_around.format(place=place, around=around)

    def place_set_aside(self, asked: str, applied: str) -> str:
        """When the question names another territory than the one that is typed in as a filter."""
        return self.set_aside.format(asked=asked, applied=applied)

    def nothing_of_it_there(self, territory: str) -> str:
        """When the publications speak of the subject and of the territory, and not of both together."""
        return self.silent_of_it_there.format(name=territory)

    def no_answer_about(self, names: Sequence[str]) -> str:
        """When the question names what no publication names."""
        return self.silent_about.format(names=", ".join(names))

    def ask(self, contacts: Sequence[str]) -> str:
        """Whom to ask; the names come from corpus/contacts.json."""
        return self.contacts.format(names=" ; ".join(contacts))

    def read_on(self, url: str) -> str:
        """The title of a link that a publication gives without one: its host."""
        return self.link_of.format(host=urlsplit(url).hostname or url)

    def quotation(self, place: str, quoted: Sequence[tuple[str, Sequence[int]]]) -> str:
        """One line of an answer: where, what the source says, each stretch with the marks of its citations."""
        said = (f"« {text} » {''.join(f'[{n}]' for n in citations)}".rstrip() for text, citations in quoted)
        return f"- {place}{self.colon if place else ''}{' '.join(said)}"

    def source(self, title: str, publisher: str, year: str) -> str:
        """How a publication is named before what it says, where several are quoted."""
        return f"{title} ({', '.join(filter(None, (publisher, year)))})"

    def figures_differ(self, newer: str, older: str) -> str:
        """When two publications give different figures or dates for one thing; the years are theirs."""
        return self.differing.format(newer=newer, older=older)

    def scheme_ended(self, scheme: str, followed_by: str, years: Sequence[str]) -> str:
        """When publications of these years speak of a scheme that has ended."""
        dated = self.dated if len(years) == 1 else self.dated_several
        *first, last = years
        named = self.last_of_several.join(filter(None, (", ".join(first), last)))
        after = self.followed.format(name=followed_by) if followed_by else ""
        return f"{dated.format(years=named)} {self.ended.format(name=scheme)}{after}."

    def period_over(self, since: int, until: int) -> str:
        """When a quotation gives a programme a period that is past."""
        return self.past_period.format(since=since, until=until)


FRENCH = Phrases(
    language="fr",
    in_short="En bref",
    definition="Définition",
    levers="Leviers",
    examples="Exemples",
    also="À noter aussi",
    out_of_scope=(
        "Je réponds à partir des publications du RTES et des centres de ressources politique de la ville, sur l'économie "
        "sociale et solidaire et les quartiers. Cette question n'en relève pas."
    ),
    guidance=(
        "Bonjour. Je réponds aux questions sur l'économie sociale et solidaire dans les quartiers, en citant les "
        "publications du RTES et des centres de ressources politique de la ville. Posez par exemple : « Quels leviers pour "
        "associer les bailleurs sociaux ? » ou « Un exemple d'urbanisme transitoire à Rennes »."
    ),
    thanks="Avec plaisir. Vous pouvez poser une autre question quand vous le souhaitez.",
    unclear=(
        "Pouvez-vous préciser votre demande ? Indiquez un sujet ou un territoire, par exemple : « Comment mobiliser du foncier "
        "pour l'ESS ? » ou « Des initiatives à Rennes »."
    ),
    no_such_point=(
        "Je ne trouve pas ce point dans ma réponse précédente. Indiquez-en un autre, ou nommez le sujet de votre question."
    ),
    no_answer="Les publications consultées ne répondent pas à cette question.",
    interrupted="La rédaction a été interrompue : cette réponse peut être incomplète.",
    nearest="Le plus proche de votre question figure ci-dessous ; ce n'est pas une réponse.",
    filter_names={
        "publisher": "publié par",
        "from": "depuis",
        "to": "jusqu'à",
        "themes": "thème",
        "territory": "territoire",
    },
    dropped="Aucune publication consultée ne correspond à {names} : je n'en ai pas tenu compte.",
    silent_there="Les publications consultées ne donnent rien sur ce territoire : {name}.",
    only_around="Rien à {place} même ; voici ce qui existe dans ce territoire : {around}.",
    set_aside="Le filtre de territoire « {applied} » l'emporte : je n'ai pas tenu compte de « {asked} ».",
    not_of_page="Réponse cherchée dans les publications consultées, au-delà de la page où vous posez la question.",
    silent_of_it_there="Les publications consultées ne disent rien à ce sujet pour ce territoire : {name}.",
    silent_about="Les publications consultées ne disent rien de : {names}.",
    contacts="Pour aller plus loin : {names}.",
    link_of="Lien donné par la publication ({host})",
    differing="Deux publications donnent des chiffres ou des dates différents ({newer} et {older}) :",
    dated="Cette publication date de {years}.",
    dated_several="Les publications citées datent de {years}.",
    ended="Dispositif terminé : {name}",
    followed=" (suite : {name})",
    past_period="La période {since}-{until}, citée ici, est passée.",
    colon=" : ",
    last_of_several=" et ",
)
ENGLISH = Phrases(
    language="en",
    in_short="In short",
    definition="Definition",
    levers="What can be done",
    examples="Examples",
    also="See also",
    out_of_scope=(
        "I answer from the publications of RTES and of the French urban policy resource centres, on the social and "
        "solidarity economy and on neighbourhoods. This question is not about them."
    ),
    guidance=(
        "Hello. I answer questions on the social and solidarity economy in priority neighbourhoods, quoting the publications "
        "of RTES and of the French urban policy resource centres (in French). Ask for example: “How can social landlords be "
        "involved?” or “An example of temporary use of a building in Rennes”."
    ),
    thanks="You are welcome. Feel free to ask another question.",
    unclear=(
        "Could you be more specific? Name a subject or a place, for example: “How can premises be found for social "
        "enterprises?” or “Initiatives in Rennes”."
    ),
    no_such_point=("There is no such point in my previous answer. Name another one, or the subject of your question."),
    no_answer="The publications do not answer this question.",
    interrupted="The writing was cut short: this answer may be incomplete.",
    nearest="What comes nearest to your question is shown below; it is not an answer.",
    filter_names={
        "publisher": "published by",
        "from": "since",
        "to": "until",
        "themes": "theme",
        "territory": "territory",
    },
    dropped="No publication matches {names}: it was left aside.",
    silent_there="The publications say nothing about this territory: {name}.",
    only_around="Nothing on {place} itself; this is what there is in {around}.",
    set_aside="The territory filter “{applied}” goes first: “{asked}” was left aside.",
    not_of_page="Searched in the publications consulted, beyond the page on which you ask.",
    silent_of_it_there="The publications say nothing on this subject for this territory: {name}.",
    silent_about="The publications say nothing about: {names}.",
    contacts="To go further: {names}.",
    link_of="Link given by the publication ({host})",
    differing="Two publications give different figures or dates ({newer} and {older}):",
    dated="This publication dates from {years}.",
    dated_several="The publications quoted date from {years}.",
    ended="Scheme that has ended: {name}",
    followed=" (followed by: {name})",
    past_period="The period {since}-{until} mentioned here is over.",
    colon=": ",
    last_of_several=" and ",
)
_BY_LANGUAGE = {phrases.language: phrases for phrases in (FRENCH, ENGLISH)}
# What a line of an answer's text may be to be shown as a heading, whatever the language.
HEADINGS = frozenset(heading for phrases in _BY_LANGUAGE.values() for heading in phrases.headings)


def phrases_for(language: str) -> Phrases:
    """The phrases of "fr" or "en". Raises KeyError for any other language."""
    return _BY_LANGUAGE[language]


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


def bad_history(most: int, statuses: Sequence[str]) -> str:
    """When `history` is not what a conversation is."""
    return (
        f'« history » doit être une liste d\'au plus {most} objets {{"question": "…", "text": "…", "status": "…"}} ; '
        f"« status », facultatif, est l'un de : {', '.join(statuses)}."
    )


def bad_page(url: int, title: int) -> str:
    """When `on_page` is not what a page tells of itself; both limits in characters."""
    return (
        f'« on_page » doit être un objet {{"url": "…", "title": "…"}} : deux textes, dont l\'un peut être vide, de {url} et '
        f"{title} caractères au plus."
    )


def reversed_period(since: str, until: str) -> str:
    """When a period ends before it begins."""
    return f"La période est inversée : du {since} au {until}."
