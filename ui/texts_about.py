"""What `/a-propos` says, in French, written with plain spaces. A claim here is one that the code keeps."""

from __future__ import annotations

TITLE = "À propos de ce service"
LEAD = (
    "« {name} » répond aux questions des praticiens à partir de publications choisies, et cite la phrase et la page dont "
    "chaque réponse vient."
)
CONTENTS = "Sur cette page"

HOW = "Comment les réponses sont faites"
HOW_STEPS = (
    "La question est comparée à tous les passages des publications consultées, par le sens et par les mots.",
    "Si les passages trouvés ne répondent pas à la question, le service le dit, montre ce qui s'en approche le plus et "
    "indique à qui s'adresser.",
    "Sinon, il choisit des phrases dans ces passages et les présente telles quelles, entre guillemets, avec leur "
    "numéro de source.",
    "Avant d'être affichée, chaque citation est cherchée mot pour mot dans le texte de sa publication. Celle qui n'y "
    "est pas est retirée, et le nombre de phrases retirées est indiqué.",
)
HOW_EXTRACTIVE = (
    "Aucun texte n'est rédigé par une intelligence artificielle : les réponses sont des extraits. Les titres et les "
    "phrases de liaison sont fixes."
)
HOW_STEPS_WRITTEN = (
    *HOW_STEPS[:2],
    "Sinon, un modèle de langue rédige une réponse d'après les passages trouvés, et cite pour chaque phrase ceux dont elle "
    "vient.",
    "Avant d'être affichée, chaque phrase est comparée à ces passages : nombres, dates, noms, négations, sens. Celle qui n'y "
    "est pas est retirée, et le nombre de phrases retirées est indiqué ; les passages qui la prouvent sont cités mot pour mot.",
)
HOW_WRITTEN = (
    "La comparaison est automatique, et ne voit pas tout : elle peut laisser passer une nuance fausse (qui a fait quoi, une "
    "partie dite du tout). Si le modèle ne donne rien qui puisse être vérifié, la réponse est faite d'extraits seuls, et le "
    "dit."
)
HOW_FOLLOW_UP = (
    "Une question de suite (« et à Nantes ? ») est complétée d'après la conversation ; la question ainsi comprise est "
    "affichée. Les filtres lus dans la question peuvent être retirés."
)

LIMITS = "Limites"
LIMITS_ITEMS = (
    "Le service ne connaît que les publications consultées : {count}, dans l'index du {date}. Ce qu'elles ne disent "
    "pas, il ne le sait pas.",
    "Une publication vaut à sa date. Un dispositif qu'elle décrit a pu changer ou prendre fin depuis.",
    "Le choix des phrases est automatique : il peut en manquer une utile, ou en montrer une qui ne répond pas tout à "
    "fait.",
    "Certains textes ont été lus par reconnaissance de caractères (OCR) puis corrigés : en cas de doute, l'original "
    "fait foi.",
)
NOT_DONE = "Ce que le service ne fait pas"
NOT_DONE_ITEMS = (
    "Il ne donne pas de conseil juridique ou financier et ne remplace pas l'avis d'un centre de ressources.",
    "Il n'invente ni chiffre, ni nom, ni adresse : il cite, ou il ne répond pas.",
    "Il ne répond pas aux questions étrangères à son domaine.",
    "Il ne consulte pas internet au moment de répondre.",
)
NOT_DONE_ITEMS_WRITTEN = (
    NOT_DONE_ITEMS[0],
    "Il n'ajoute ni lien, ni contact, ni source : les citations sont celles des publications, mot pour mot.",
    *NOT_DONE_ITEMS[2:],
)
SEE_PUBLICATIONS = "Voir la liste des publications consultées"

DATA = "Données personnelles"
NOTHING_KEPT = (
    "Le serveur n'enregistre ni les questions ni les réponses. Vos conversations, trente au plus, sont gardées par votre "
    "navigateur, où vous pouvez les effacer ou choisir de ne pas les garder ; celle qui est ouverte accompagne chaque "
    "question, le temps d'y répondre."
)
FEEDBACK_KEPT = (
    "Quand vous envoyez un avis, celui-ci, votre commentaire éventuel, la réponse et ses citations sont enregistrés sur le "
    "serveur, sans adresse ni identifiant ; la question ne l'est que si vous cochez « Joindre ma question ». Sans envoi, rien "
    "ne l'est."
)
DATA_ITEMS = (
    "Aucun cookie n'est déposé, aucune mesure d'audience n'est faite.",
    "Vos questions ne sont transmises à personne ; les pages ne demandent rien à un autre site.",
    "Le lien « Partager cette question » contient la question en clair : il n'existe que si vous le partagez.",
    "« Signaler une erreur » n'envoie rien de lui-même : vous voyez le message, et c'est vous qui l'envoyez.",
)
DATA_ITEMS_WRITTEN = (
    DATA_ITEMS[0],
    "Le modèle de langue reçoit la question, les extraits trouvés et parfois ce qui précède dans la conversation, sans adresse "
    "ni identifiant ; les pages ne demandent rien à un autre site.",
    *DATA_ITEMS[2:],
)
DATA_ADVICE = "N'écrivez dans vos questions aucune donnée personnelle, ni sur vous ni sur d'autres."
DATA_CONTACT = "Pour exercer vos droits ou interroger le délégué à la protection des données :"
DATA_NO_CONTACT = "Le responsable de ce service n'a pas indiqué de contact pour la protection des données."
CNIL = "Si vous estimez, après l'avoir contacté, que vos droits ne sont pas respectés, vous pouvez saisir la CNIL."

REPORT = "Signaler une erreur"
REPORT_HOW = (
    "Sous chaque réponse, « Signaler une erreur » prépare un message avec la question et les sources de la réponse. "
    "Vous pouvez aussi écrire à :"
)
REPORT_PAGE = "Une erreur dans une réponse se signale à cette adresse :"
REPORT_NO_CONTACT = (
    "Le responsable de ce service n'a pas encore indiqué d'adresse pour signaler une erreur. En attendant, vérifiez "
    "la citation à sa source : le lien « Voir dans le texte » y mène. Si la publication elle-même est en cause, "
    "écrivez au réseau qui l'a publiée."
)

LEGAL = "Mentions légales"
RESPONSIBLE = "Responsable du service"
DIRECTOR = "Direction de la publication"
HOST = "Hébergement"
LEGAL_MISSING = "Le responsable de ce service n'a pas encore renseigné les mentions légales."
LICENCE = (
    "Les publications citées restent soumises aux conditions de leurs éditeurs. Le logiciel est libre, sous licence"
    " EUPL-1.2."
)

ACCESSIBILITY = "Accessibilité : non conforme, faute d'audit"
ACCESSIBILITY_STATE = (
    "Aucun audit de conformité au référentiel général d'amélioration de l'accessibilité (RGAA 4.1) n'a été réalisé. "
    "Au sens de la réglementation, le service est donc déclaré non conforme, faute d'audit. Il a été conçu pour "
    "l'être, et voici ce qui est vérifié à chaque version."
)
ACCESSIBILITY_TESTED = (
    "Les pages « Poser une question », « Publications consultées » et « À propos » sont contrôlées par axe-core, dans"
    " tous leurs états, en clair et en sombre, à 1280 et à 320 pixels de large : aucune violation.",
    "Ces pages fonctionnent sans JavaScript, au clavier seul, et sans défilement horizontal à 320 pixels.",
    "Les couleurs choisies par le responsable du service sont refusées si leur contraste est inférieur à 4,5:1.",
)
ACCESSIBILITY_UNTESTED = (
    "Les contrôles automatiques ne voient qu'une partie des critères du RGAA. Aucun essai avec des personnes "
    "handicapées ni avec un lecteur d'écran n'a été fait.",
    "Les publications d'origine (PDF, pages web) sont celles de leurs éditeurs ; leur texte peut être lu ici.",
)
TESTED = "Ce qui est vérifié"
UNTESTED = "Ce qui ne l'est pas"
ACCESSIBILITY_CONTACT = "Pour signaler un défaut d'accessibilité ou demander un contenu sous une autre forme :"
ACCESSIBILITY_NO_CONTACT = "Le responsable de ce service n'a pas indiqué de contact pour l'accessibilité."
DEFENDER = (
    "Sans réponse satisfaisante, vous pouvez saisir le Défenseur des droits : par son formulaire en ligne, par "
    "téléphone au 09 69 39 00 00, auprès d'un délégué, ou par courrier gratuit, sans affranchissement : Défenseur des"
    " droits, Libre réponse 71120, 75342 Paris CEDEX 07."
)
