"""Which territories a text names: what is a place, and what is called like one."""

from __future__ import annotations

import json
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.territories import GAZETTEER, Gazetteer, GazetteerError, Territory
from ingest.territories.__main__ import main
from ingest.territories.context import Words
from ingest.territories.measure import Marked, measure, read_sample

REVIEWED = GAZETTEER.parent / "territories.json"
MARKED = Path(__file__).parent / "fixtures" / "territories.jsonl"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load(REVIEWED)


NAMED = {
    # Spelling
    "des actions à RENNES et SAINT ETIENNE": ("Rennes", "Saint-Étienne"),
    "à St-Étienne et à Ste-Foy-lès-Lyon": ("Saint-Étienne", "Sainte-Foy-lès-Lyon"),
    "L'ÎLE-DE-FRANCE ET LA NORMANDIE": ("Île-de-France", "Normandie"),
    "en Ile de France": ("Île-de-France",),
    "dans le Val-de-\nMarne": ("Val-de-Marne",),
    "la ville de Saint-\nDenis": ("Saint-Denis",),
    unicodedata.normalize("NFD", "à Échirolles"): ("Échirolles",),
    "la Polynésie française et Wallis-et-Futuna": ("Polynésie française", "Wallis et Futuna"),
    # Articles
    "le Havre, Le Mans et les Mureaux": ("Le Havre", "Le Mans", "Les Mureaux"),
    "au Mans, aux Mureaux, du Havre": ("Le Mans", "Les Mureaux", "Le Havre"),
    "à L’Haÿ-les-Roses": ("L'Haÿ-les-Roses",),
    # Intercommunalities
    "Rennes Métropole, Nantes métropole et Bordeaux Métropole": (
        "Rennes Métropole", "Nantes Métropole", "Bordeaux Métropole",
    ),
    "la métropole de Lyon, ou Grand Lyon": ("Métropole de Lyon",),
    "la Métropole de Grenoble": ("Grenoble-Alpes-Métropole",),
    "Nevers agglo et Lyon métropole": ("Communauté d'agglomération de Nevers", "Métropole de Lyon"),
    "l'agglomération de Narbonne": ("Le Grand Narbonne",),
    "la communauté d'agglomération du Grand Dole": ("Grand Dole",),
    "la communauté de communes des Savanes": ("Communauté de communes des Savanes",),
    "le Pays de Grasse": ("Pays de Grasse",),
    "Est Ensemble et Plaine Commune": ("Est Ensemble", "Plaine Commune"),
    "la charte de Plaine Commune": ("Plaine Commune",),
    # Departments and regions
    "le département du Nord": ("Nord",),
    "le conseil départemental de la Loire": ("Loire",),
    "en Isère et dans la Loire": ("Isère", "Loire"),
    "le Puy-de-Dôme et le département du Pas de Calais": ("Puy-de-Dôme", "Pas-de-Calais"),
    "la région Bretagne, la Région Sud et l'ancienne Picardie": (
        "Bretagne", "Provence-Alpes-Côte d'Azur", "Picardie",
    ),
    "à La Réunion et à Mayotte": ("La Réunion", "Mayotte"),
    # Small towns, with what says that they are meant
    "la mairie de Mouthe (25)": ("Mouthe",),
    "la commune de Contes": ("Contes",),
    "Contes (Alpes-Maritimes)": ("Contes", "Alpes-Maritimes"),
    "d’Échirolles, Eybens, Grenoble, La Tronche, Pont de Claix et Gières": (
        "Échirolles", "Eybens", "Grenoble", "La Tronche", "Le Pont-de-Claix", "Gières",
    ),
    "à Tours, en septembre": ("Tours",),
    "le 13e arrondissement de Paris, Lyon 3e, Marseille IIIe": ("Paris", "Lyon", "Marseille"),
    "le maire de Paris Bertrand Delanoë": ("Paris",),
    "12 avenue de Paris, 35000 Rennes": ("Rennes",),
    "les vendeuses de rue de Kawéni": ("Kawéni",),
}  # fmt: skip


@pytest.mark.parametrize("text", NAMED)
def test_a_territory_is_found_however_it_is_written(gazetteer: Gazetteer, text: str) -> None:
    assert gazetteer.find(text) == NAMED[text]


NOT_NAMED = [
    # Common words
    "Toutes et tous", "Bonne année", "LE PASSAGE DES CANALISATIONS", "Sens de la visite", "Campagne d’affichage",
    "EN LIGNE ET EN VILLE", "une tour à La Défense", "À SENS UNIQUE", "La réunion du comité", "LA RÉUNION DU COMITÉ",
    "mars", "l'Union européenne", "la Chambre de commerce", "Centre de ressources", "cinq Tours de France",
    "Contes et légendes", "un Ballon thermodynamique", "les contes", "le sens",
    # Persons
    "Jean Nantes", "M. Angers", "Mme Laval", "Rémi BEAULIEU, chargé de mission", "J. Rennes", "Maurice Ravel",
    "le prince de Lamballe", "Léon d'Ostie", "Constant d’Aubigné", "Juan Veron",
    # Organisations
    "le Crédit Lyonnais", "Société Lyon Parc Auto", "la Banque Populaire Val de France", "Paris Habitat",
    "Nice Matin", "SO Montpellier", "Île-de-France Mobilités", "le Grand Paris Express",
    "l'université Paris 8", "l'Olympique de Marseille", "Rennes Métropole Habitat",
    "Direction régionale et interdépartementale de l’environnement et des transports d’Île-de-France",
    # Streets, agreements, landscapes, addresses of mail and of the web
    "rue de Rennes", "avenue de Paris", "place de Lyon", "la gare de Nantes", "l'Accord de Paris", "une quiche de Lorraine",
    "la Loire", "les bords de Marne",
    "au sommet du Puy de Dôme", "un voyage à Venise", "au bord de la Manche", "le Nord et le Sud",
    "l'Amérique du Nord", "l'île Saint-Jean",
    "contact@rennes.fr", "www.Nantes.fr", "un Paris-Roubaix", "la Bär",
]  # fmt: skip


@pytest.mark.parametrize("text", NOT_NAMED)
def test_what_is_called_like_a_territory_is_none(gazetteer: Gazetteer, text: str) -> None:
    assert gazetteer.find(text) == ()


def test_of_homonyms_the_text_tells_which(gazetteer: Gazetteer) -> None:
    assert gazetteer.find("à Saint-Denis (974)") == ("Saint-Denis (La Réunion)",)
    assert gazetteer.find("à La Réunion, la mairie de Saint-Denis") == ("La Réunion", "Saint-Denis (La Réunion)")
    assert gazetteer.find("97400 Saint-Denis") == ("Saint-Denis (La Réunion)",)
    assert gazetteer.find("à Saint-Denis, en Seine-Saint-Denis") == ("Saint-Denis", "Seine-Saint-Denis")
    assert gazetteer.find("Maurepas, dans les Yvelines") == ("Maurepas (Yvelines)", "Yvelines")
    assert gazetteer.find("le quartier Maurepas") == ("Maurepas",)
    assert gazetteer.find("En Occitanie comme à Saint-Nazaire") == ("Occitanie", "Saint-Nazaire")


def test_of_small_homonyms_none_is_taken_without_support(gazetteer: Gazetteer) -> None:
    assert gazetteer.find("une fête à Saint-Aubin") == ()
    assert gazetteer.find("une fête à Saint-Aubin (Essonne)") == ("Saint-Aubin (Essonne)", "Essonne")


def test_names_come_in_order_and_once(gazetteer: Gazetteer) -> None:
    assert gazetteer.find("À Dijon, à Nantes, puis à Dijon") == ("Dijon", "Nantes")


def test_questions_need_no_capitals_for_places_that_are_known(gazetteer: Gazetteer) -> None:
    assert gazetteer.asked_about("que font-ils a rennes ?") == {"Rennes", "Rennes Métropole"}
    assert gazetteer.asked_about("exemples en bretagne") == {"Bretagne"}
    assert gazetteer.asked_about("examples in Brittany") == {"Bretagne"}
    assert gazetteer.asked_about("exemples à La Réunion") == {"La Réunion"}
    assert gazetteer.asked_about("et outre-mer ?") == {"Outre-mer"}
    assert gazetteer.asked_about("tiers-lieux au mans") == {"Le Mans", "Le Mans Métropole"}
    assert gazetteer.asked_about("la métropole de lille") == {"Métropole Européenne de Lille"}
    assert gazetteer.asked_about("les vendeuses de rues kawéni") == {"Kawéni"}
    assert gazetteer.asked_about("Comment Rennes pilote-t-elle ?") == {"Rennes", "Rennes Métropole"}


@pytest.mark.parametrize(
    "question",
    ["toutes les villes qui ont du sens", "une recette de quiche lorraine", "que fait la loire", "un bon plan pour l'est",
     "combien de tours de france", "quel est le port le plus proche", "une fontaine et un croix", "la réunion de mars"],
)  # fmt: skip
def test_common_words_of_a_question_are_no_places(gazetteer: Gazetteer, question: str) -> None:
    assert gazetteer.asked_about(question) == frozenset()


@pytest.mark.parametrize(
    "question", ["Combien de personnes à la réunion publique ?", "que dit-on a la reunion du comité"]
)
def test_a_meeting_is_not_the_island(gazetteer: Gazetteer, question: str) -> None:
    assert gazetteer.asked_about(question) == frozenset()


def test_around_a_territory_is_all_that_holds_it(gazetteer: Gazetteer) -> None:
    assert gazetteer.around(["Maurepas"]) == {"Maurepas", "Rennes", "Rennes Métropole", "Ille-et-Vilaine", "Bretagne"}
    assert gazetteer.around(["Échirolles"]) == {
        "Échirolles", "Grenoble-Alpes-Métropole", "Isère", "Auvergne-Rhône-Alpes", "Rhône-Alpes",
    }  # fmt: skip
    assert gazetteer.around(["Stains"]) >= {"Plaine Commune", "Seine-Saint-Denis", "Île-de-France"}
    assert gazetteer.around(["Saint-Denis (La Réunion)"]) >= {"La Réunion", "Outre-mer"}
    assert gazetteer.around(["nulle part"]) == {"nulle part"}


@pytest.mark.parametrize(
    ("town", "held_by"),
    [
        ("Mulhouse", "Alsace"),
        ("Strasbourg", "Alsace"),
        ("Ambert", "Auvergne"),
        ("Lyon", "Rhône-Alpes"),
        ("Lille", "Nord-Pas-de-Calais"),
        ("Rouen", "Haute-Normandie"),
        ("Martinique", "Antilles"),
    ],
)
def test_a_former_region_holds_its_departments(gazetteer: Gazetteer, town: str, held_by: str) -> None:
    assert held_by in gazetteer.around([town])
    assert held_by in gazetteer.asked_about(f"Exemples en {held_by}")


def test_every_department_of_metropolitan_france_is_held_once(gazetteer: Gazetteer) -> None:
    held = [name for one in gazetteer.territories if one.name != "Antilles" for name in one.holds]

    assert (
        len(held) == len(set(held)) == 66
    )  # of 96 departments, 31 lie in regions that stayed; and Lyon's intercommunality
    assert all(gazetteer.kind_of(name) for name in held)


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("Des exemples dans le 93 ?", "Seine-Saint-Denis"),
        ("Un projet dans le département 974", "La Réunion"),
        ("exemples dans le 2A", "Corse-du-Sud"),
        ("Examples in overseas territories", "Outre-mer"),
        ("Exemples aux Antilles", "Antilles"),
    ],
)
def test_a_question_may_name_a_territory_by_its_number_or_in_english(
    gazetteer: Gazetteer, question: str, place: str
) -> None:
    assert place in gazetteer.asked_about(question)


@pytest.mark.parametrize(
    "question", ["dans les 93 quartiers", "dans le 93 %", "dans la 13e ville", "le 93", "dans le 2021"]
)
def test_a_number_that_counts_is_no_department(gazetteer: Gazetteer, question: str) -> None:
    assert not gazetteer.asked_about(question)


def test_what_is_in_the_reviewed_list_is_found_under_its_names(gazetteer: Gazetteer) -> None:
    for territory in gazetteer.territories:
        for form in (territory.name, *territory.variants):
            if not form.startswith("="):
                assert gazetteer.find(f"C'est ainsi à {form}.") == (territory.name,), form


def test_the_kind_of_a_name_is_known(gazetteer: Gazetteer) -> None:
    names = ["Dijon", "Plaine Commune", "Maurepas", "Aude", "Picardie", "Saint-Pierre-et-Miquelon", "Québec"]
    kinds = ["commune", "epci", "quartier", "departement", "region", "collectivite", "pays"]
    assert [gazetteer.kind_of(name) for name in names] == kinds
    assert gazetteer.kind_of("Outre-mer") is gazetteer.kind_of("nulle part") is None


def test_without_the_official_gazetteer_only_the_list_is_known() -> None:
    alone = Gazetteer(territories=(Territory(name="Rennes", kind="commune", within=("Bretagne",)),))
    assert alone.find("à Rennes et à Dijon") == ("Rennes",)
    assert alone.asked_about("en bretagne ou à dijon") == {"Bretagne"}
    assert Gazetteer(territories=()).find("à Rennes") == ()


@given(st.text(alphabet="àA d'LeSaint-Étienne(42),.\n5éMRQU'’", max_size=60))
def test_any_text_is_read_and_each_name_comes_once_from_words_of_its_own(gazetteer: Gazetteer, text: str) -> None:
    found = gazetteer.find(text)
    assert len(set(found)) == len(found) <= len(Words(text))


def test_a_megabyte_takes_a_second_or_little_more(gazetteer: Gazetteer) -> None:
    page = (
        "Le Grand Narbonne est engagé dans l'expérimentation ; à Dijon, une association y a développé une activité. "
        * 100
    )
    text = page * (1_000_000 // len(page))
    started = time.process_time()
    gazetteer.find(text)
    # 3 MB/s were seen on pages of Wikipedia; the bound leaves room for a slow machine.
    assert time.process_time() - started < 6


@pytest.mark.parametrize(
    "content", ["", "[]", '{"territories": [{"name": "x"}]}', '{"territories": [{"name": 1, "kind": "epci"}]}']
)
def test_an_ill_formed_list_is_refused_by_name(tmp_path: Path, content: str) -> None:
    path = tmp_path / "territories.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(GazetteerError, match=r"territories\.json"):
        Gazetteer.load(path)


def test_the_marked_sample_is_met(gazetteer: Gazetteer) -> None:
    """On the brochure's part, whose text is at hand; the command reads the PDFs of the rest."""
    result = measure(read_sample(MARKED), gazetteer)
    assert result.expected >= 25
    assert result.holds, "\n".join(result.misses)


def test_precision_and_recall_count_names_under_any_form(gazetteer: Gazetteer, tmp_path: Path) -> None:
    rows = [
        {"text": "Le Grand Lyon et Nantes", "names": ["Métropole de Lyon", "Nantes"]},
        {"text": "à Dijon", "names": [], "either": ["Dijon"]},
        {"text": "à Rennes", "names": ["Brest"]},
        {"text": "au Québec", "names": []},
    ]
    path = tmp_path / "sample.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    result = measure(read_sample(path), gazetteer)
    assert (result.found, result.expected, result.right) == (3, 3, 2)
    assert result.misses == ("+ Rennes: à Rennes", "- Brest: à Rennes")
    assert measure([Marked(text="rien", names=())], gazetteer).holds


@pytest.mark.parametrize("line", ["{", '{"text": "x"}', '{"names": [], "file": "x.pdf"}', "[]"])
def test_a_bad_line_of_a_sample_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "sample.jsonl"
    path.write_text(f'{{"text": "à Dijon", "names": ["Dijon"]}}\n{line}\n', encoding="utf-8")
    with pytest.raises(GazetteerError, match=r"sample\.jsonl:2"):
        read_sample(path, tmp_path)


def test_the_command_prints_what_a_file_names_and_what_a_sample_misses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "text.txt").write_text("À Dijon et en Bretagne", encoding="utf-8")
    (tmp_path / "sample.jsonl").write_text('{"text": "à Dijon", "names": ["Dijon", "Brest"]}\n', encoding="utf-8")
    assert main(["find", str(tmp_path / "text.txt")]) == 0
    assert capsys.readouterr().out == "Dijon\nBretagne\n"
    assert main(["measure", str(tmp_path / "sample.jsonl")]) == 1
    assert capsys.readouterr().out == "- Brest: à Dijon\nprecision 1.000  recall 0.500  names expected 2\n"
    assert main(["measure", str(tmp_path / "none.jsonl")]) == 1
    assert "none.jsonl: cannot be read" in capsys.readouterr().err
