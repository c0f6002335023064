"""The figures of reading, against marks: what counts as kept, found, right and misread."""

from __future__ import annotations

import pytest

from ingest.bench.gold import (
    PageMarks,
    Share,
    characters_kept,
    folded,
    hash_of,
    headings_found,
    word_error_rate,
    words_of,
)


def marks(*, aside: tuple[str, ...] = (), headings: tuple[str, ...] = (), either: tuple[str, ...] = ()) -> PageMarks:
    def hashes(texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(hash_of(folded(text)) for text in texts)

    return PageMarks(
        file="guide.pdf",
        sha256="0" * 64,
        page=1,
        aside=hashes(aside),
        headings=tuple(frozenset([mark]) for mark in hashes(headings)),
        either=frozenset(hashes(either)),
    )


def test_headings_are_compared_without_case_accents_or_line_breaks_and_each_counts_once() -> None:
    page = marks(headings=("Le foncier", "Les aides"), either=("Sommaire",))

    found, right = headings_found(page, ["LE FONCIER", "Le foncier", "Sommaire", "Une légende"])

    assert (found, right) == (Share(part=1, whole=2), Share(part=1, whole=3))


def test_a_line_that_reached_the_text_counts_whole_a_lost_one_not_and_furniture_is_left_out() -> None:
    page = marks(aside=("RTES 12",))
    layer = "RTES 12\r\nLe finan-\r\ncement durable\r\nperdu"

    assert characters_kept(page, layer, "Le financement durable") == Share(part=20, whole=25)


def test_words_that_were_kept_count_when_their_line_was_broken_up() -> None:
    assert characters_kept(marks(), "gauche droite absent", "droite\ngauche") == Share(part=12, whole=18)


@pytest.mark.parametrize(("read", "errors"), [("L’eau, chaude.", 0), ("L'eau chaude ici", 1), ("L'eau", 1), ("", 2)])
def test_word_errors_count_insertions_deletions_and_replacements(read: str, errors: int) -> None:
    reference = [hash_of(word) for word in words_of("« L'eau chaude »")]

    assert word_error_rate(reference, read) == Share(part=errors, whole=2)
