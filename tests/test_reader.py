"""What of a passage may be quoted, and what is quoted with it: whole quotations, what was announced, nothing unsaid."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ingest.catalogue import load_catalogue
from ingest.document import BlockKind, Passage, Span
from ingest.passages import cut_passages
from ingest.read import read_all
from ingest.territories import Gazetteer
from rag.compose.boilerplate import is_boilerplate
from rag.compose.reader import MAX_STRETCH_WORDS, Reader

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
SUBJECT = "La régie de quartier emploie des habitants depuis dix ans."
OPENS = "Elle est décrite ainsi : « Une régie associe les habitants à la vie du quartier."
GOES_ON = "Les salariés y sont formés pendant deux ans."
CLOSES = "Chacun y trouve sa place. »"


def passage_of(*sentences: str, between: str = " ", kind: BlockKind = BlockKind.PARAGRAPH) -> Passage:
    text = between.join(sentences)
    starts = [text.index(sentence) for sentence in sentences]
    return Passage(
        id="p:0",
        publication_id="p",
        kind=kind,
        text=text,
        start=0,
        end=len(text),
        sentences=tuple(Span(start, start + len(one)) for start, one in zip(starts, sentences, strict=True)),
        page=1,
    )


def reader_of(passage: Passage, *before: Passage) -> Reader:
    return Reader(passage, before, is_boilerplate)


def said(reader: Reader, position: int, *, single: bool = False) -> list[str] | None:
    whole = reader.whole(position, single=single)
    return None if whole is None else [stretch.text for stretch in whole]


@pytest.mark.parametrize("position", [1, 2, 3])
def test_what_opens_closes_or_stands_between_guillemets_is_said_with_all_of_the_quotation(position: int) -> None:
    reader = reader_of(passage_of(SUBJECT, OPENS, GOES_ON, CLOSES))

    quoted = said(reader, position)

    if position == 2:
        assert quoted == [GOES_ON], "a sentence inside a quotation is one of its own"
    else:
        assert quoted is not None
        assert " ".join(quoted).endswith(f"{OPENS} {GOES_ON} {CLOSES}")


def test_a_quotation_that_its_passage_does_not_close_is_not_said() -> None:
    reader = reader_of(passage_of(SUBJECT, "Un habitant disait : « La régie a changé le quartier."))

    assert said(reader, 1) is None
    assert said(reader, 0) == [SUBJECT]


def test_a_quotation_longer_than_a_stretch_may_be_is_not_said() -> None:
    long = [f"La salariée numéro {n} raconte sa journée de travail dans le quartier." for n in range(12)]
    reader = reader_of(passage_of("La régie écrit : « Voilà ce que nous faisons.", *long, CLOSES))

    assert len(" ".join(long).split()) > MAX_STRETCH_WORDS
    assert said(reader, 0) is None


@pytest.mark.parametrize("announcement", ["Les objectifs sont les suivants :", "Les objectifs sont les suivants."])
def test_what_announces_is_said_with_what_it_announces(announcement: str) -> None:
    reader = reader_of(passage_of(announcement, "Les locaux sont ouverts aux habitants.", GOES_ON))

    for single in (False, True):
        assert said(reader, 0, single=single) == [f"{announcement} Les locaux sont ouverts aux habitants."]


def test_what_announces_is_not_said_where_nothing_follows() -> None:
    assert said(reader_of(passage_of(SUBJECT, "Les objectifs sont les suivants :")), 1) is None


def test_a_fact_is_said_without_what_its_sentence_announces_and_without_the_colon() -> None:
    reader = reader_of(passage_of("Près de 190 communes rejoignent le réseau autour d'une conviction :", SUBJECT))

    assert said(reader, 0, single=True) == ["Près de 190 communes rejoignent le réseau autour d'une conviction"]
    assert said(reader, 0) == [f"Près de 190 communes rejoignent le réseau autour d'une conviction : {SUBJECT}"]


def test_few_words_are_enough_for_what_was_asked_only() -> None:
    reader = reader_of(passage_of("La liste des quartiers a été revue en 2024.", "Elle compte 1 362 quartiers."))

    assert reader.may_be_said(1, told=True)
    assert not reader.may_be_said(1)
    assert said(reader, 1) == ["La liste des quartiers a été revue en 2024. Elle compte 1 362 quartiers."]


def test_few_words_without_a_full_stop_are_a_title_whatever_they_tell() -> None:
    reader = reader_of(passage_of(SUBJECT, "Les 1 362 quartiers", between="\n"))

    assert not reader.may_be_said(1, told=True)
    assert reader.may_be_said(1, told=True, bare=True)


def test_what_is_unsaid_is_not_said_and_no_sentence_brings_it() -> None:
    reader = reader_of(passage_of("Cette fiche présente le fonds de la région.", "Elle sera mise à jour chaque année."))

    assert not reader.may_be_said(0)
    assert said(reader, 1) is None


def test_an_item_goes_without_an_introduction_that_is_unsaid() -> None:
    items = (
        "Ce guide propose quatre pistes :",
        "- ouvrir un local commun dans le quartier,",
        "- former les habitants.",
    )
    passage = passage_of(*items, between="\n")
    passage = replace(passage, sentences=tuple(Span(s + 2 * (n > 0), e) for n, (s, e) in enumerate(passage.sentences)))

    assert said(reader_of(passage), 1) == ["ouvrir un local commun dans le quartier"]


def test_of_the_brochure_nothing_but_what_sends_to_its_links_is_unsaid() -> None:
    catalogue = load_catalogue(CORPUS)
    passages = [
        passage
        for document in read_all(CORPUS, catalogue)[0]
        for passage in cut_passages(document, Gazetteer.load(CORPUS / "territories.json"))
    ]
    readers = [reader_of(passage) for passage in passages]
    texts = [reader.text(n) for reader in readers for n in range(len(reader.spans))]

    assert len(texts) > 100
    assert {text for text in texts if is_boilerplate(text)} == {"Pour aller plus loin :"}
