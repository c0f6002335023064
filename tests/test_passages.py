"""Passages follow the structure and cover the text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.document import Block, BlockKind, Document, Passage, Publication
from ingest.passages import MAX_WORDS, MIN_WORDS, collapse_copies, cut_passages
from ingest.sentences import LONGEST, cut_long, split_sentences
from ingest.territories import Gazetteer, Territory
from ingest.windows import cut_windows

GAZETTEER = Gazetteer(
    territories=(Territory(name="Rennes Métropole", kind="epci"), Territory(name="Rennes", kind="commune"))
)
PUBLICATION = Publication(id="guide", title="Un guide", publisher="RTES")


def document(*parts: tuple[BlockKind, str, int], title: str | None = None) -> Document:
    """Blocks one after the other, divided by blank lines; (kind, text, page)."""
    text = ""
    blocks = []
    path: tuple[str, ...] = ()
    for kind, content, page in parts:
        text += "\n\n" if text else ""
        named = title if kind is BlockKind.EXAMPLE else None
        links = (content,) if content.startswith("https://") else ()
        end = len(text) + len(content)
        blocks.append(Block(kind=kind, start=len(text), end=end, page=page, headings=path, title=named, links=links))
        text += content
        if kind is BlockKind.HEADING:
            path = (content,)
    return Document(publication=PUBLICATION, raw=text, text=text, blocks=tuple(blocks))


def sentence(words: int, start: str = "Le") -> str:
    return " ".join([start, *["mot"] * (words - 1)]) + "."


def cut(source: Document) -> tuple[Passage, ...]:
    return cut_passages(source, GAZETTEER)


def test_a_passage_never_crosses_a_heading_or_a_page_and_headings_open_what_follows() -> None:
    source = document(
        (BlockKind.HEADING, "FONCIER", 1),
        (BlockKind.HEADING, "En pratique", 1),
        (BlockKind.PARAGRAPH, sentence(20), 1),
        (BlockKind.PARAGRAPH, sentence(20), 2),
        (BlockKind.HEADING, "FINANCEMENT", 2),
        (BlockKind.PARAGRAPH, sentence(20), 2),
    )

    passages = cut(source)

    assert [p.text.split("\n")[0] for p in passages] == ["FONCIER", sentence(20), "FINANCEMENT"]
    assert [p.page for p in passages] == [1, 2, 2]
    assert passages[0].headings == ("En pratique",)
    assert [source.text[a:b] for a, b in passages[0].sentences] == [sentence(20)]


def test_small_neighbours_are_put_together_and_long_paragraphs_cut_between_sentences() -> None:
    small = document(*[(BlockKind.PARAGRAPH, sentence(30), 1)] * 3)
    long = document((BlockKind.PARAGRAPH, " ".join([sentence(25)] * 10), 1))

    together, pieces = cut(small), cut(long)

    assert [len(p.text.split()) for p in together] == [90]
    assert len(pieces) == 2
    assert all(MIN_WORDS <= len(p.text.split()) <= MAX_WORDS for p in pieces)
    assert all(p.text.startswith("Le mot") and p.text.endswith("mot.") for p in pieces)


def test_a_sentence_as_long_as_a_passage_stays_whole() -> None:
    (passage,) = cut(document((BlockKind.PARAGRAPH, sentence(180), 1)))

    assert len(passage.text.split()) == 180


def test_a_list_keeps_its_introduction_and_later_pieces_carry_it() -> None:
    introduction = "Pour associer les bailleurs :"
    items = [(BlockKind.LIST_ITEM, sentence(40, f"Point{i}"), 1) for i in range(6)]
    source = document((BlockKind.PARAGRAPH, introduction, 1), *items)

    first, *others = cut(source)

    assert first.text.startswith(introduction)
    assert first.context == ""
    assert others
    assert all(piece.context == introduction and introduction not in piece.text for piece in others)


def test_an_example_stands_alone_with_title_territory_and_the_link_that_follows_it() -> None:
    link = "https://example.org/rennes"
    source = document(
        (BlockKind.PARAGRAPH, sentence(20), 1),
        (BlockKind.EXAMPLE, "À Rennes Métropole, un comité se réunit. Il finance.", 1),
        (BlockKind.CAPTION, link, 1),
        (BlockKind.PARAGRAPH, sentence(20), 1),
        title="Rennes Métropole",
    )

    _, example, _ = cut(source)

    assert example.kind is BlockKind.EXAMPLE
    assert example.title == "Rennes Métropole"
    assert example.territories == ("Rennes Métropole",)
    assert example.links == (link,)
    assert [source.text[a:b] for a, b in example.sentences] == [
        "À Rennes Métropole, un comité se réunit.",
        "Il finance.",
    ]


def test_ids_come_from_the_text_so_that_an_insertion_changes_no_other() -> None:
    before = cut(document((BlockKind.EXAMPLE, sentence(70), 1), (BlockKind.EXAMPLE, sentence(80), 1)))
    after = cut(
        document(
            (BlockKind.EXAMPLE, sentence(70), 1),
            (BlockKind.EXAMPLE, sentence(75), 1),
            (BlockKind.EXAMPLE, sentence(80), 1),
        )
    )

    assert [before[0].id, before[1].id] == [after[0].id, after[2].id]


def test_copies_of_one_text_in_one_document_have_ids_of_their_own() -> None:
    passages = cut(document((BlockKind.EXAMPLE, sentence(70), 1), (BlockKind.EXAMPLE, sentence(70), 2)))

    assert len({passage.id for passage in passages}) == 2


def test_a_text_in_two_publications_has_one_home_and_names_the_other() -> None:
    mine = cut(document((BlockKind.PARAGRAPH, sentence(70), 1)))
    twin = Document(
        publication=Publication(id="copie", title="Copie", publisher="RNCRPV"),
        raw=sentence(70),
        text=sentence(70),
        blocks=(Block(kind=BlockKind.PARAGRAPH, start=0, end=len(sentence(70)), page=None),),
    )

    (home,) = collapse_copies([*mine, *cut_passages(twin, GAZETTEER)])

    assert home.publication_id == "guide"
    assert home.also_in == ("copie",)


_kinds = st.sampled_from(
    [BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.EXAMPLE, BlockKind.CAPTION]
)
_texts = st.text(alphabet="Ab. :!\n«", min_size=1, max_size=60).map(lambda t: "M" + t + "m")


@given(st.lists(st.tuples(_kinds, _texts, st.integers(1, 3)), min_size=1, max_size=8))
def test_every_non_blank_character_is_in_exactly_one_passage_whose_text_is_the_documents(
    parts: list[tuple[BlockKind, str, int]],
) -> None:
    source = document(*parts)

    passages = cut(source)

    covered = [index for p in passages for index in range(p.start, p.end)]
    assert covered == sorted(set(covered))
    assert {i for i, char in enumerate(source.text) if not char.isspace()} <= set(covered)
    for passage in passages:
        assert source.text[passage.start : passage.end] == passage.text
        for start, end in (*passage.sentences, *cut_windows(passage)):
            assert passage.start <= start < end <= passage.end


@given(st.text(alphabet="ab ;,:\n", min_size=1, max_size=4000))
def test_a_text_without_full_stops_is_cut_into_pieces_that_can_be_embedded(text: str) -> None:
    spans = [piece for span in split_sentences(text) for piece in cut_long(text, span)]

    assert all(1 <= len(text[start:end].split()) <= LONGEST for start, end in spans)
    assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())


def test_a_long_sentence_is_cut_where_it_pauses() -> None:
    text = sentence(150)[:-1] + "; " + sentence(100, "puis")
    source = document((BlockKind.PARAGRAPH, text, 1))

    assert [source.text[a:b][-4:] for p in cut(source) for a, b in p.sentences] == ["mot;", "mot."]
