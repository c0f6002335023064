"""Whether the passages that a written sentence cites support it, over the project's own corpus and the real embedder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.document import Passage
from ingest.index.embedder import Embedder
from ingest.index.index import Index
from ingest.repair.lexicon import default_lexicon
from ingest.territories import Gazetteer
from ingest.windows import cut_windows
from rag.chat.tokens import Tokens
from rag.glossary import default_glossary
from rag.rarity import Rarity
from rag.support.judge import Entailment, Infer, Reason, Supporter
from rag.support.traits import Extract

Make = Callable[..., Supporter]
FACTORY = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


@pytest.fixture(scope="module")
def index(brochure_index: Path, embedder: Embedder) -> Index:
    return Index.open(brochure_index, embedder)


@pytest.fixture(scope="module")
def make(index: Index, embedder: Embedder) -> Make:
    rarity = Rarity(index.passages, index.publications)
    gazetteer = Gazetteer.load(index.folder / "territories.json")

    def made(infer: Infer | None = None, is_unsaid: Callable[[str], bool] = lambda _text: False) -> Supporter:
        return Supporter(
            index,
            embedder,
            rarity=rarity,
            lexicon=default_lexicon(),
            gazetteer=gazetteer,
            glossary=default_glossary(),
            infer=infer,
            is_unsaid=is_unsaid,
        )

    return made


@pytest.fixture(scope="module")
def supporter(make: Make) -> Supporter:
    return make()


def holding(index: Index, *words: str) -> Passage:
    """The first passage whose text has these stretches, white space folded."""
    return next(passage for passage in index.passages if all(word in " ".join(passage.text.split()) for word in words))


def sentences(index: Index) -> list[tuple[Passage, str]]:
    """Every sentence of the corpus that is one: eight words at least, a capital before them and a full stop behind."""
    found = (
        (passage, " ".join(passage.text[span.start - passage.start : span.end - passage.start].split()))
        for passage in index.passages
        for span in cut_windows(passage)
    )
    return [
        (passage, text) for passage, text in found if len(text.split()) >= 8 and text[0].isupper() and text[-1] == "."
    ]


@FACTORY
@given(data=st.data())
def test_what_stands_in_the_passage_is_supported_by_it(index: Index, supporter: Supporter, data: st.DataObject) -> None:
    passage, text = data.draw(st.sampled_from(sentences(index)))
    verdict = supporter.judge(text, [passage])

    assert (verdict.reason, verdict.detail, text) == (Reason.SUPPORTED, "", text)
    assert text in [extract.text for extract in verdict.evidence]


@FACTORY
@given(data=st.data(), figure=st.integers(2100, 9999))
def test_a_figure_that_the_passage_lacks_is_refused(
    index: Index, supporter: Supporter, data: st.DataObject, figure: int
) -> None:
    passage, text = data.draw(st.sampled_from(sentences(index)))
    if str(figure) in passage.text.replace(" ", ""):
        return

    verdict = supporter.judge(f"{text[:-1]}, soit {figure} fois.", [passage])

    assert verdict.reason is Reason.FIGURE
    assert str(figure) in verdict.detail


def test_typography_changes_no_verdict(index: Index, supporter: Supporter) -> None:
    for passage, text in sentences(index)[:40]:
        other = text.replace("'", "’").replace(" %", "\u202f%").replace(" :", "\u00a0:").replace(" »", "\u00a0»")
        assert supporter.judge(other, [passage]).is_supported, other


def test_nothing_cited_supports_nothing(supporter: Supporter) -> None:
    assert supporter.judge("Les habitants gèrent le lieu.", []).reason is Reason.NOTHING_CITED


def test_sentences_that_are_never_said_support_nothing(index: Index, make: Make) -> None:
    passage, text = sentences(index)[0]
    assert make(is_unsaid=lambda _text: True).judge(text, [passage]).reason is Reason.NOTHING_CITED


def test_another_passage_does_not_support_it(index: Index, supporter: Supporter) -> None:
    own = [
        (text, passage, next(other for other in index.passages if other.id != passage.id))
        for passage, text in sentences(index)[::8]
    ]
    kept = [
        text for text, passage, other in own if passage.id != other.id and supporter.judge(text, [other]).is_supported
    ]
    assert kept == []


def test_a_model_of_inference_has_the_last_word(index: Index, make: Make) -> None:
    passage, text = sentences(index)[0]
    asked: list[tuple[tuple[Extract, ...], str]] = []
    cost = Tokens(sent=7, received=1, estimated=False)

    def infer(evidence: Sequence[Extract], sentence: str) -> Entailment:
        asked.append((tuple(evidence), sentence))
        return Entailment(probability=0.2, tokens=cost)

    verdict = make(infer=infer).judge(text, [passage])

    assert (verdict.reason, verdict.tokens) == (Reason.NOT_ENTAILED, cost)
    assert asked == [(verdict.evidence, text)]
    sure = make(infer=lambda _evidence, _sentence: Entailment(probability=0.6, tokens=cost)).judge(text, [passage])
    assert sure.is_supported
    assert sure.tokens == cost


def test_a_model_of_inference_is_not_asked_about_what_the_rules_drop(index: Index, make: Make) -> None:
    passage, text = sentences(index)[0]

    def infer(_evidence: Sequence[Extract], _sentence: str) -> Entailment:
        raise AssertionError("asked")

    assert make(infer=infer).judge(f"{text[:-1]}, soit 7777 fois.", [passage]).reason is Reason.FIGURE
