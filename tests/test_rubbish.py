"""What a font without Unicode map leaves on a page is told from text, figures and other languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.pdf.rubbish import is_rubbish

FRENCH = (
    "Les réseaux de chaleur distribuent une énergie renouvelable aux habitants de la commune et aux équipements publics. "
    "La collectivité choisit son mode de gestion et associe les usagers au suivi du service."
)
FIXTURES = Path(__file__).parent / "fixtures"


def shifted(text: str, by: int) -> str:
    """What a subset font that numbers its glyphs from another start gives: every code moved, spaces kept."""
    return "".join(character if character.isspace() else chr(max(33, ord(character) + by)) for character in text)


def rotated(text: str, by: int) -> str:
    letters = "abcdefghijklmnopqrstuvwxyz"
    return text.lower().translate(str.maketrans(letters, letters[by:] + letters[:by]))


@pytest.mark.parametrize("by", [-29, -31, -3, 3, 29])
def test_codes_moved_by_a_constant_are_rubbish(by: int) -> None:
    assert is_rubbish(shifted(FRENCH, by))


@pytest.mark.parametrize("by", range(1, 26))
def test_every_rotation_of_the_alphabet_is_rubbish(by: int) -> None:
    assert is_rubbish(rotated(FRENCH, by))


@pytest.mark.parametrize(
    "text",
    [
        "".join(chr(0xF000 + ord(character)) for character in FRENCH),
        "".join(chr(1 + ord(character) % 8) for character in FRENCH),
        "\ufffd" * 40 + " page 3",
        "(cid:34)(cid:12)(cid:7) (cid:34)(cid:9)",
        "/g12/g45/g3 /g7/g19 /g22",
        "glyph12 glyph7 glyph33 Page 4",
    ],
)
def test_signs_that_stand_for_glyphs_are_rubbish(text: str) -> None:
    assert is_rubbish(text)


def test_running_text_that_is_shifted_under_readable_headings_is_rubbish() -> None:
    assert is_rubbish("Réseaux de chaleur et de froid : guide à l'usage des collectivités\n" + 3 * rotated(FRENCH, 7))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n ",
        FRENCH,
        FRENCH.upper(),
        "The quick development of renewable energy networks has been supported by local authorities of the country.",
        "Gesellschaft mit beschränkter Haftung und Verantwortung für die Entwicklung der erneuerbaren Energien",
        "Το δίκτυο θερμότητας διανέμει ανανεώσιμη ενέργεια στους κατοίκους του δήμου και στα κτίρια",
        "12 345 | 67,8 % | 2019\n1 234 | 56,7 % | 2020\n50 000 € 100 000 € 150 000 €",
        "1. Introduction ............................ 3\n2. Méthode ........................... 12\n",
        "https://www.rtes.fr/ressources?page=2&tri=date\nhttps://france-chaleur-urbaine.beta.gouv.fr/\ncontact@rtes.fr",
        "Anne-Laure FEDERICI, Denis MISSAGHIEH, Norbert BOMMENSATT, Mathias BERRY, Laurène DAGALLIER, Marie SERBON",
        "RTES ADEME CEREMA AMORCE CNRS INSEE SIRET TVA EPCI SCIC SCOP BTP ESS QPV ZFE PLU SCoT PCAET",
        "\uf0b7 premier point de la liste\n\uf0b7 second point de la liste\n\uf0b7 troisième point",
        "un déve\ufffeloppement dura\ufffeble et une cohé\u0002sion",
        "kWh MWh GWh W/m².K R712-8 L.712-1 BAR-TH-137 NOR : TRER2016012A",
    ],
)
def test_text_figures_addresses_and_other_languages_are_not(text: str) -> None:
    assert not is_rubbish(text)


def test_french_text_damaged_by_ocr_is_not() -> None:
    brochure = FIXTURES.parent.parent / "corpus" / "files" / "000_896921be2f1e2c9b.txt"
    for part in brochure.read_text(encoding="utf-8").split("\n\n"):
        assert not is_rubbish(part)
