"""Words around names, folded (no capitals, no accents): what they say of the name. Data only.

Gathered from the brochure, the guides of AMORCE and France Chaleur Urbaine, and French Wikipedia (PIAF).
"""

from __future__ import annotations

LINKS = frozenset("de du des d la le les l".split())
LOCATIVE = frozenset("a au aux".split())
WITHIN = frozenset("en dans".split())
RELATION = frozenset("sur vers entre depuis par pour pres sous hors via chez comme selon avec et ou".split())
SMALL = LINKS | LOCATIVE | WITHIN | RELATION

# "Rue de Rennes", "accord de Paris", "prince de Lamballe", "quiche lorraine": called after a place, and not that place.
NAMESAKES = frozenset(
    """rue avenue av boulevard bd bld place quai impasse chemin route allee allees square faubourg passage esplanade rond
    pont gare porte pointe tour rd hotel restaurant brasserie cafe villa parvis promenade venelle ruelle mail traverse
    montee echangeur station aeroport
    accord accords traite charte convention protocole declaration pacte bourse conference edit bataille siege armistice parti
    comte comtesse duc duchesse prince princesse marquis marquise baron baronne vicomte sire seigneur notre dame
    olympique excelsior racing iep ruisseau
    jambon beurre saucisson moutarde savon calissons quiche fromage vin vins vinaigre nougat""".split()
)
# Before a name without a preposition, they make it an organisation's or a landmark's: "université Lyon 2", "île Saint-Jean".
ORGANISATIONS = frozenset(
    """universite universites societe groupe banque credit caisse fondation association cabinet entreprise editions stade
    olympique clinique lycee college ecole institut festival hotel radio tramway racing maison galerie imprimerie
    sa sas scop scic sarl sem sci spl epa oph
    ile iles lac mont massif col cap riviere fleuve chateau cathedrale eglise paroisse abbaye hopital cinema theatre
    club""".split()
)

TOWNS = frozenset(
    """ville villes commune communes mairie maire maires municipalite bourg village villages habitants habitant centre
    arrondissement arrondissements sis situe situee situes situees""".split()
)
QUARTERS = frozenset("quartier quartiers secteur residence cite lieu dit hameau zac zone parc".split())
DEPARTMENTS = frozenset(
    """departement departements departemental departementale prefecture prefet prefete cd senateur senatrice depute
    deputee""".split()
)
REGIONS = frozenset("region regions regional regionale academie".split())
INTERCOMMUNALITIES = frozenset(
    """metropole metropoles agglomeration agglomerations agglo communaute urbaine intercommunalite interco cc ca cu epci ept
    eurometropole""".split()
)
# They may follow a town's name, and make it its intercommunality's.
ENDINGS = frozenset("metropole agglomeration agglo communaute".split())
# They may stand before a name without a preposition and leave it a place: "Ville Lyon", "quartier Maurepas". "Territoires
# Rennes" is a body of its own, but Rennes's; who looks for Rennes wants what it did there.
NEUTRAL = (
    TOWNS | QUARTERS | DEPARTMENTS | REGIONS | INTERCOMMUNALITIES | frozenset("pays grand haut territoires".split())
)

# They open a sentence with a capital, in the three last lines a question or an English one, and say nothing of what follows.
OPENING = SMALL | frozenset(
    """si mais donc or ni car que quand dont ainsi aussi puis alors sauf outre cette ce ces son sa ses leur leurs notre nos
    votre vos un une mon ma mes il elle ils elles on nous vous qui ou est ont sont a y plus moins tout tous toute toutes
    exemple zoom focus aujourd hier demain ici cedex
    comment pourquoi quel quelle quels quelles combien
    what which how does where who is are did in""".split()
)
# "Fresnes Sud" is in Fresnes.
SIDES = frozenset("nord sud est ouest centre".split())

# Rivers, mountains, seas, points of the compass: also departments, which are meant "en Isère", "dans le Nord", "(42)".
LANDSCAPES = frozenset(
    """ain aisne allier ardeche ardennes ariege aude aveyron calvados charente cher correze creuse dordogne doubs drome
    essonne eure gard gers gironde herault indre isere jura landes loire loiret lot manche marne mayenne meuse moselle
    nievre nord oise orne rhone sarthe somme tarn var vaucluse vienne vosges yonne""".split()
)
# Foreign cities, and the Prime Minister's seat, that small French communes are called like.
ELSEWHERE = frozenset(
    """bangor belleville berne bologne cologne fribourg grenade levis liege matignon modene mons montreal plaisance sion
    venise""".split()
) | {"trois rivieres"}
# Written without hyphens, a mountain, a strait and a hillside; with them, departments.
UNHYPHENATED = frozenset({"puy de dome", "pas de calais", "cote d or"})
# First names that communes have too, all small ones.
FIRST_NAMES = frozenset(
    """albert alex amy baby blanche claire cecile clement denis ernest eve florent francois gilles hans jules laure laurent
    leon luc lucy marcel marie martin mathieu maurice michel nicolas noel paul pierre remy rene robert roger saul simon
    thomas urbain victor vincent yves""".split()
)
