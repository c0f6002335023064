"""Which contacts are taken out of a text, what goes with them, and what only looks like one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.contacts import contact_removals
from ingest.repair.edits import apply_edits

MAIL = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+\.[a-z]{2,}")


def without(text: str) -> str:
    return apply_edits(text, contact_removals(text))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("déléguée générale du RTES\nnom@rtes.fr-032097 1797\n", "déléguée générale du RTES\n"),
        (
            "Ville\nTel : 04.72.74.09.77 – Fax : 04.72.74.03.32 – Mail : a@b.asso.fr\nwww.b.fr - @B",
            "Ville\nwww.b.fr - @B",
        ),
        ("Conseil\n04.37.45.29.29 – 06.13.62.42.33\nd@e.com\nService", "Conseil\nService"),
        ("Service \nnotre\ufffeservice@developpement\ufffedurable.gouv.fr", "Service "),
        ("Tél. : +33 (0)3 20 97 17 97", ""),
        ("+33 3 20 97 17 97 ; 0033320971797", ""),
        ("Au choix\n\nprenom.nom @rtes. fr ou contact(at)rtes.fr", "Au choix"),
        ("Tél. : O3 2O 97 l7 97\nAdresse", "Adresse"),
        ("Recherche.\n0 808 800 700\nVoir", "Recherche.\nVoir"),
        ("N° vert : 0 800 123 456 (appel gratuit)", ""),
        ("Tél. 02 23 62 10 10 Fax 02 23 62 10 11 www.rennes.fr", "www.rennes.fr"),
        ("0262 48 70 00 / 0612 345 678 / 06 12345678 / (+33) 6 12 34 56 78", ""),
        ("Contact : contact[at]rtes.fr, contact (at) rtes (point) fr", ""),
    ],
)
def test_lines_that_hold_only_contacts_go_with_their_labels(text: str, left: str) -> None:
    assert without(text) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("le service FAIRE au 0 808 800 700 ou sur www.faire.gouv.fr", "le service FAIRE sur www.faire.gouv.fr"),
        ("sur www.x.fr ou au 0 808 800 700.", "sur www.x.fr."),
        ("Écrivez à contact@rtes.fr. Merci.", "Écrivez. Merci."),
        ("Inscription par mail à x@y.fr avant le 3 mai.", "Inscription par mail avant le 3 mai."),
        ("Appelez le 03 20 97 17 97 pour venir.", "Appelez pour venir."),
        ("Laure D. - AMORCE, ld@amorce.asso.fr", "Laure D. - AMORCE"),
        ("Contact : Marie D. (m.d@x.fr), chargée, 03 20 97 17 97.", "Contact : Marie D., chargée."),
        ("par téléphone (02 23 62 10 10) ou par mail (a@b.fr).", "par téléphone ou par mail."),
        ("Envoyez votre dossier par e-mail : a@b.fr", "Envoyez votre dossier par e-mail"),
        ("Envoyez-le à l'adresse suivante : a@b.fr.", "Envoyez-le."),
        ("Contact presse : Julie (06 12 34 56 78)", "Contact presse : Julie"),
        ("(Rennes, x@y.fr) et (x@y.fr, Brest)", "(Rennes) et (Brest)"),
        ("| Rennes | x@y.fr | 12 |", "| Rennes | | 12 |"),
        ("- Marie, 0320971797\n- Paul, paul@x.fr", "- Marie\n- Paul"),
    ],
)
def test_in_a_sentence_what_led_to_the_contact_goes_and_names_stay(text: str, left: str) -> None:
    assert without(text) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Contact :\nx@y.fr\nSuite", "Suite"),
        ("Fin.\nContact\nx@y.fr\n\nSuite", "Fin.\n\nSuite"),
        ("Fin.\nContact\nx@y.fr\fPage", "Fin.\fPage"),
        ("Contact\nx@y.fr\nwww.y.fr", "Contact\nwww.y.fr"),
        ("A\n\nx@y.fr\n\n\nB", "A\n\n\nB"),
        ("A\n\nx@y.fr\fB", "A\fB"),
    ],
)
def test_no_label_points_at_nothing_and_no_empty_line_is_added(text: str, left: str) -> None:
    assert without(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "SIRET 012 345 678 00012 et 01234567800012",
        "le 05.03.2024 10h, le 05/03/2024 10h, 05-03-2024 10",
        "01 234 567 euros, 50 000 € 100 000 € 150 000 €",
        "mois 01 02 03 04 05 et 05 10 15 20 25",
        "ligne 12 05 17 23 44 61 et 05 17 23 44 61 98",
        "article L. 712-1, loi n° 2019-1147 du 8 novembre 2019, ISBN 979-10-297-0080-4",
        "facture n° 0612345678",
        "voir https://mastodon.social/@ademe, https://a.fr/?m=b@c.fr et @ademe",
        "Mail : à venir. Contact : Marie. Le téléphone est coupé.",
        "puissance de 01 25 48 97 33 kWh, population de 03 45 12 78 90 hab.",
        "IBAN FR76 3000 4000 0312 3456 7890 143, tou@s, l'année 2019 2020 2021",
    ],
)
def test_what_only_looks_like_a_contact_stays(text: str) -> None:
    assert contact_removals(text) == []


def test_every_removal_says_that_it_is_one_of_a_contact() -> None:
    assert {edit.step for edit in contact_removals("Un x@y.fr deux\n03 20 97 17 97")} == {"contact"}


WORDS = st.sampled_from(
    "Contact : ( ) , . - – | \n \f et ou au à Marie Rennes réseau de chaleur Tél. nom@x.fr a.b@c-d.org @ademe "
    "03 20 97 17 97 0320971797 +33320971797 2024 12 www.x.fr https://x.fr/@y x@y @ ©".split(" ")
)


@given(st.lists(WORDS, max_size=14), st.sampled_from(["", " "]))
@settings(max_examples=400, deadline=None)
def test_after_the_removals_there_is_no_address_left_whatever_stands_beside_it(words: list[str], glue: str) -> None:
    left = without(glue.join(words))
    assert MAIL.search(re.sub(r"https?://\S+", "", left)) is None


@given(st.text(alphabet=st.characters(exclude_characters="@©®", exclude_categories=["Nd"]), max_size=200))
@settings(max_examples=200, deadline=None)
def test_a_text_without_digits_and_signs_of_addresses_is_left_as_it_is(text: str) -> None:
    assert contact_removals(text.replace("(at)", "").replace("[at]", "")) == []


@given(st.lists(WORDS, max_size=14))
@settings(max_examples=200, deadline=None)
def test_the_form_feeds_that_part_pages_stay(words: list[str]) -> None:
    text = " ".join(words)
    assert without(text).count("\f") == text.count("\f")
