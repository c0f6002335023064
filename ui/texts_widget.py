"""Every string of the widget: those that its script shows on a host's page, those of its frame, those of the demonstration.

What stands on a host's page is there in English too, for pages in English (`data-language="en"`); the rest is in French. As in
`ui/texts.py`, with plain spaces.
"""

from __future__ import annotations

# What `widget.js` shows, by language; {name} is the name of the service.
LOADER = {
    "fr": {
        "label": "Poser une question",
        "invite": "Une question ? {name} répond à partir des publications, avec ses sources.",
        "close": "Fermer l'assistant",
        "loading": "L'assistant s'ouvre…",
        "away": "L'assistant ne répond pas sur cette page.",
        "elsewhere": "Ouvrir l'assistant dans un nouvel onglet",
    },
    "en": {
        "label": "Ask a question",
        "invite": "A question? {name} answers from the publications, with its sources.",
        "close": "Close the assistant",
        "loading": "The assistant is opening…",
        "away": "The assistant does not answer on this page.",
        "elsewhere": "Open the assistant in a new tab",
    },
}

# Of the frame's page, by the names of its template.
FRAME = {
    "on_this_page": "Sur cette page",
    "leave_page": "Retirer",
    "leave_page_what": "la page en cours : chercher dans toutes les publications à égalité",
    "in_english": (
        "Ask in English and the assistant answers in English; quotations stay in French, as published. The buttons are in "
        "French."
    ),
    "wider": "Élargir le panneau",
    "full": "Ouvrir dans un onglet",
    "about": "À propos",
    "data": "Données personnelles",
    "accessibility": "Accessibilité : non conforme",
    "pages": "Pages du service",
    "tab": "nouvel onglet",
}
# What its script says, by the names of the attributes that it reads them from.
FRAME_SCRIPT = {
    "page-left": "Les questions portent de nouveau sur toutes les publications.",
    "unknown-filter": "Réglage du widget sans effet : aucune publication n'a « {value} ».",
}

DEMO = {
    "title": "Démonstration du widget",
    "warning": (
        "Page de démonstration : elle imite un article d'un site qui accueille l'assistant. Les autres sites ne peuvent "
        "l'intégrer que si le service les y autorise (WIDGET_ORIGINS)."
    ),
    "site": "Site d'exemple",
    "menu": "Rubriques du site d'exemple",
    "article": "Comment renforcer la place de l'ESS dans les quartiers politique de la ville ?",
    "date": "Publié en 2023",
    "lead": (
        "Les structures de l'économie sociale et solidaire agissent dans les quartiers prioritaires : emploi, commerce, "
        "culture, alimentation, réemploi. Comment les collectivités peuvent-elles mieux les y associer ?"
    ),
    "body": (
        "Ce texte est écrit pour la démonstration. Il tient la place d'un article ; le titre est celui d'une publication que "
        "l'assistant a lue, pour que les questions posées « sur cette page » commencent par elle."
    ),
    "body_more": "L'article continue ici, au-dessous de l'endroit où l'assistant peut être intégré.",
    "try": "Essayer une autre forme",
    "right": "Bouton à droite",
    "left": "Bouton à gauche",
    "inline": "Intégré dans l'article",
    "open": "Ouvert dès l'arrivée",
    "english": "Bouton en anglais",
    "line": "La ligne qui l'affiche",
    "no_script": "Poser une question à l'assistant, sans JavaScript",
    "guide": "Les réglages sont décrits dans le guide des webmestres, ui/widget/LISEZMOI.md.",
}
DEMO_RUBRICS = ("Actualités", "Ressources", "Agenda", "Le réseau")
