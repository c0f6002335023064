"""Sentences come out whole, with their marks, wherever the stream was cut."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.chat.sentences import SentenceCutter, part


def cut(*pieces: str) -> list[str]:
    cutter = SentenceCutter()
    return [sentence for piece in pieces for sentence in cutter.feed(piece)] + cutter.end()


def test_a_sentence_is_given_only_when_its_marks_are_complete() -> None:
    cutter = SentenceCutter()
    given = [
        cutter.feed(piece) for piece in ("Les régies emploient.", " [", "1", "]", "[2", "] ", "E", "lles forment [3].")
    ]

    assert given == [[], [], [], [], [], [], ["Les régies emploient. [1][2]"], []]
    assert cutter.end() == ["Elles forment [3]."]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Un. [1][2] Deux. [1, 2] Trois [1-3].", ["Un. [1][2]", "Deux. [1][2]", "Trois [1][2][3]."]),
        ("Un.[1] Deux.[2]Trois. [ 3 ]", ["Un. [1]", "Deux. [2]", "Trois. [3]"]),
        ("Un. [1]\n[2]\nDeux. [1–2 ; 4]", ["Un. [1][2]", "Deux. [1][2][4]"]),
        ("Un. [1] [1] Deux. [3-1] Trois. [1-900]", ["Un. [1][1]", "Deux. [3][1]", "Trois. [1][900]"]),
        ("Selon l'art. 5 [1], M. Petit agit. [2] Fin.", ["Selon l'art. 5 [1], M. Petit agit. [2]", "Fin."]),
        ("Voir p. 12 du n° 3. Ex. : une régie [1].", ["Voir p. 12 du n° 3.", "Ex. : une régie [1]."]),
        ("Des lycées, etc. [1] les écoles. [2]", ["Des lycées, etc. [1] les écoles. [2]"]),
        ("Des lycées, etc. [1] Les écoles. [2]", ["Des lycées, etc. [1]", "Les écoles. [2]"]),
        ("La part est de 3.5 % [1]. En 2023. Oui !", ["La part est de 3.5 % [1].", "En 2023.", "Oui !"]),
        ("Il dit : « Oui. » [1] Elle part. [2]", ["Il dit : « Oui. » [1]", "Elle part. [2]"]),
        (
            "## Titre\n- Un. [1]\n* **Deux** [2]\n1. Trois\n2) Quatre",
            ["Titre", "Un. [1]", "Deux [2]", "Trois", "Quatre"],
        ),
        ("**Un.** Deux `code`. ***\n---\nTrois", ["Un.", "Deux code.", "Trois"]),
        ("12 régies. 2023. Une année.\n12 autres.", ["12 régies.", "2023.", "Une année.", "12 autres."]),
        ("Pour [voir] cela [a1]. Fin.", ["Pour [voir] cela [a1].", "Fin."]),
        ("Coupée au milieu [1", ["Coupée au milieu"]),
        ("AUCUNE_REPONSE", ["AUCUNE_REPONSE"]),
        ("", []),
        ("…\n [1]", []),
    ],
)
def test_marks_abbreviations_lists_and_markup(text: str, sentences: list[str]) -> None:
    assert cut(text) == sentences
    assert cut(*text) == sentences


def test_a_sentence_parts_into_text_and_numbers() -> None:
    assert part("Selon l'art. 5 [1], M. Petit agit. [2][1]") == ("Selon l'art. 5, M. Petit agit.", (1, 2))
    assert part("Sans marque [a].") == ("Sans marque [a].", ())


# What decides where sentences end, and little else, so that it meets often.
ALPHABET = st.sampled_from(
    [
        *" \n.[]1,-–*#`\"»«'’()!…éA:;",
        "Les ",
        "art. ",
        "[1]",
        "[1, 2]",
        "[1-3]",
        "p. 12",
        " M. ",
        "etc. ",
        "\n- ",
        "\n1. ",
        "**",
        "\r\n",
        "\t",
        "\u2028",
        "\x1e",
        "2023",
        "</s>",
        "🙂",
    ]
)
TEXTS = st.lists(ALPHABET, max_size=25).map("".join) | st.text(max_size=40)


@given(TEXTS, st.data())
@example('Fin. " Suite', None)
@example("Fin.\n12", None)
def test_cutting_does_not_depend_on_the_pieces(text: str, data: st.DataObject | None) -> None:
    places = data.draw(st.lists(st.integers(0, len(text)), max_size=8)) if data else range(len(text))
    bounds = [0, *sorted(places), len(text)]
    pieces = [text[start:stop] for start, stop in pairwise(bounds)]

    assert cut(*pieces) == cut(text) == cut(*text)


@given(TEXTS)
def test_nothing_is_lost_but_white_space_marks_and_markup(text: str) -> None:
    """Letters are markup to nobody: they all come out, in order."""
    letters = "".join(re.findall(r"[^\W\d_]", text))

    assert "".join(re.findall(r"[^\W\d_]", "".join(cut(text)))) == letters


@given(
    st.lists(
        st.sampled_from(["1250 €", "3.5", "art. 5", "n° 7", "60 %", "2023", "(12)", "[x9]", "Mots", "fin."]),
        max_size=12,
    )
)
def test_figures_in_a_line_all_come_out(words: list[str]) -> None:
    text = "Les " + " ".join(words)

    assert "".join("".join(cut(text)).split()) == "".join(text.split())
