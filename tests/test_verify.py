"""Nothing is quoted that its passage does not hold, whatever a composer says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.document import BlockKind, Document, Passage, Publication, Span
from rag.verify import Claim, DraftSentence, Verified, find_quote, normalise, verify

TEXT = (
    "À Rennes Métropole, un comité se réunit 3 fois par an. La part n’est pas de 3,5 % mais de 60 %, soit 1 200 familles.\n"
    "L’œuvre reste à ﬁnir."
)
PUBLICATION = Publication(id="guide", title="Un guide", publisher="RTES", url="https://example.org/guide", date="2023")


def passage(text: str = TEXT, *, start: int = 0, doubtful: tuple[Span, ...] = ()) -> Passage:
    return Passage(
        id="guide:1",
        publication_id="guide",
        text=text,
        start=start,
        end=start + len(text),
        page=3,
        kind=BlockKind.PARAGRAPH,
        doubtful=doubtful,
    )


def check(*sentences: DraftSentence, of: Passage | None = None) -> Verified:
    source = of or passage()
    document = Document(
        publication=PUBLICATION, raw=" " * source.start + source.text, text=" " * source.start + source.text
    )
    return verify(sentences, {source.id: source}, {"guide": PUBLICATION}, lambda _name: document)


def say(text: str, quote: str | None = None) -> DraftSentence:
    return DraftSentence(text=text, claims=(Claim(passage_id="guide:1", quote=text if quote is None else quote),))


def test_a_verbatim_sentence_is_cited_with_its_place() -> None:
    quote = "un comité se réunit 3 fois par an."

    verified = check(say(quote), of=passage(start=100))

    (citation,) = verified.citations
    assert (citation.n, citation.quote, citation.page, citation.url) == (1, quote, 3, "https://example.org/guide")
    assert citation.start == 100 + TEXT.index("un comité")
    assert citation.end - citation.start == len(quote)
    assert verified.sentences[0].citations == (1,)


def test_apostrophes_quotes_ligatures_white_space_and_composition_may_differ() -> None:
    decomposed = "L'oeuvre reste a\u0300   finir."

    (citation,) = check(say(decomposed)).citations

    assert citation.quote == "L’œuvre reste à ﬁnir."


@pytest.mark.parametrize(
    "quote",
    [
        "un comité se réunit 4 fois par an.",
        "La part est de 3,5 %",
        "La part n’est pas de 60 %",
        "comit",
        "",
        "   ",
        "Roubaix",
    ],
)
def test_what_is_not_in_the_passage_is_dropped_and_counted(quote: str) -> None:
    verified = check(say(quote))

    assert verified.sentences == ()
    assert verified.citations == ()
    assert verified.removed == 1


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("Le comité se réunit 3 fois par an.", True),
        ("Le comité se réunit 5 fois par an.", False),
        ("À Rennes Métropole, le comité se réunit.", True),
        ("Le comité de Nantes se réunit.", False),
        ("Le comité réunit l'ANRU.", False),
    ],
)
def test_numbers_and_names_of_a_sentence_must_stand_in_what_it_cites(text: str, passes: bool) -> None:
    quote = "À Rennes Métropole, un comité se réunit 3 fois par an."

    assert (check(say(text, quote)).removed == 0) is passes


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("Cela concerne 1200 familles.", True),
        ("Cela concerne 200 familles.", False),
        ("La part serait de 35 %.", False),
        ("La part serait de 3.5 %.", True),
    ],
)
def test_a_figure_is_compared_whole(text: str, passes: bool) -> None:
    quote = "La part n’est pas de 3,5 % mais de 60 %, soit 1 200 familles."

    assert (check(say(text, quote)).removed == 0) is passes


def test_a_sentence_without_a_claim_or_of_an_unknown_passage_never_passes() -> None:
    unknown = DraftSentence(text="Bonjour.", claims=(Claim(passage_id="other:1", quote="Bonjour."),))

    assert check(DraftSentence(text="Bonjour.", claims=()), unknown).removed == 2


def test_a_doubtful_stretch_is_never_quoted_but_its_neighbours_are() -> None:
    start = TEXT.index("La part")
    source = passage(doubtful=(Span(start, start + 10),))

    verified = check(say("La part n’est pas de 3,5 % mais de 60 %"), say("L’œuvre reste à ﬁnir."), of=source)

    assert [citation.quote for citation in verified.citations] == ["L’œuvre reste à ﬁnir."]


def test_the_same_stretch_is_cited_once() -> None:
    verified = check(say("un comité se réunit 3 fois par an."), say("un comité se réunit 3 fois par an."))

    assert len(verified.citations) == 1
    assert [sentence.citations for sentence in verified.sentences] == [(1,), (1,)]


@given(st.text(max_size=60), st.text(min_size=1, max_size=20))
def test_a_quote_found_is_the_passages_own_words(text: str, quote: str) -> None:
    source = passage(text, start=7)

    found = find_quote(source, quote)

    if found is not None:
        stretch = text[found.span.start - 7 : found.span.end - 7]
        assert found.text == " ".join(stretch.split())
        assert normalise(quote)[0].strip() in normalise(stretch)[0] or normalise(stretch)[0] in normalise(quote)[0]


@given(st.text(min_size=1, max_size=60))
def test_normalising_keeps_an_offset_for_every_character(text: str) -> None:
    normalised, offsets = normalise(text)

    assert len(normalised) == len(offsets)
    assert list(offsets) == sorted(offsets)
    assert all(0 <= offset < len(text) for offset in offsets)
