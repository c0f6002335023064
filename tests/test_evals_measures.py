"""Every measure on cases small enough to be worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import log2

import pytest

from evals.measures import FIGURE_NAMES, Outcome, judge, percentile, summarise
from evals.questions import GoldSpan, Kind, Question, Split
from evals.quotations import citation_precision, evidence_in_answer, figures_shown, found_again
from evals.rankings import RANKING_NAMES, ranking_scores, relevance
from ingest.document import BlockKind, Passage, Span
from rag.answer import Answer, Citation, Example, Sentence, Status

TEXT = "abcdefghij klmnopqrst uvwxyz"


def passage(identifier: str, start: int, end: int, publication: str = "p") -> Passage:
    return Passage(
        id=identifier,
        publication_id=publication,
        text=TEXT[start:end],
        start=start,
        end=end,
        page=1,
        kind=BlockKind.PARAGRAPH,
    )


def gold(start: int, end: int, grade: int = 2, publication: str = "p") -> GoldSpan:
    return GoldSpan(publication=publication, span=Span(start, end), grade=grade)


def question(identifier: str, *, answerable: bool = True, expected: Status = Status.ANSWERED) -> Question:
    return Question(
        id=identifier,
        question=f"{identifier} ?",
        kind=Kind.FACT if answerable else Kind.ABSENT,
        answerable=answerable,
        expected_status=(expected,),
        evidence=(),
        split=Split.DEV,
        note="",
        where="here:1",
    )


def citation(start: int, end: int, quote: str | None = None, publication: str = "p") -> Citation:
    return Citation(
        n=1,
        quote=TEXT[start:end] if quote is None else quote,
        passage_id="a",
        publication_id=publication,
        title="T",
        publisher="RTES",
        date=None,
        page=1,
        start=start,
        end=end,
        url=None,
        raw_quote="",
    )


def example(start: int, end: int) -> Example:
    return Example(
        title="Stains",
        territories=(),
        quote=TEXT[start:end],
        passage_id="a",
        publication_id="p",
        publication_title="T",
        page=1,
        start=start,
        end=end,
        url=None,
    )


def answer(*citations: Citation, status: Status = Status.ANSWERED, text: str = "Oui, tout à fait [1] [2].") -> Answer:
    return Answer(
        question="?",
        question_understood="?",
        status=status,
        text=text,
        sentences=tuple(Sentence(text=c.quote, citations=(c.n,)) for c in citations),
        citations=citations,
    )


def outcome(of: Question, reply: Answer, *ranking: str) -> Outcome:
    return Outcome(question=of, answer=reply, ranking=ranking, milliseconds=1.0, probability=0.5)


def test_a_passage_is_relevant_from_half_of_the_evidence_on() -> None:
    passages = [passage("half", 0, 5), passage("less", 6, 10), passage("all", 0, 20), passage("none", 11, 20)]
    assert relevance([gold(0, 10)], passages) == {"half": 2, "all": 2}


def test_a_passage_has_the_highest_grade_of_its_evidence_and_only_of_its_publication() -> None:
    evidence = [gold(0, 4, grade=1), gold(5, 9, grade=2), gold(0, 9, grade=2, publication="other")]
    assert relevance(evidence, [passage("both", 0, 10), passage("first", 0, 4)]) == {"both": 2, "first": 1}


def test_ranking_measures_are_those_of_the_field() -> None:
    scores = ranking_scores({"q": {"good": 2, "fair": 1}}, {"q": ["x", "fair", "y", "good"]})["q"]
    ideal = 2 + 1 / log2(3)
    assert scores == {
        "hit@1": 0.0,
        "hit@5": 1.0,
        "recall@1": 0.0,
        "recall@5": 1.0,
        "recall@20": 1.0,
        "mrr@10": 0.5,
        "ndcg@10": pytest.approx((1 / log2(3) + 2 / log2(5)) / ideal),
    }


def test_depth_counts_ranks_from_one() -> None:
    others = [f"x{number}" for number in range(10)]
    fifth = ranking_scores({"q": {"good": 2}}, {"q": [*others[:4], "good"]})["q"]
    sixth = ranking_scores({"q": {"good": 2}}, {"q": [*others[:5], "good"]})["q"]
    eleventh = ranking_scores({"q": {"good": 2}}, {"q": [*others, "good"]})["q"]
    assert (fifth["hit@5"], sixth["hit@5"]) == (1.0, 0.0)
    assert [sixth["mrr@10"], eleventh["mrr@10"]] == pytest.approx([1 / 6, 0.0])


def test_recall_is_the_share_of_relevant_passages_within_the_depth() -> None:
    others = [f"x{number}" for number in range(20)]
    ranking = ["one", *others[:3], "two", *others[3:17], "three", "four"]
    scores = ranking_scores({"q": {"one": 2, "two": 1, "three": 1, "four": 2}}, {"q": ranking})["q"]
    assert (scores["recall@1"], scores["recall@5"], scores["recall@20"]) == (0.25, 0.5, 0.75)


def test_the_order_of_the_ranking_decides_and_not_the_names_of_passages() -> None:
    for first, second in (("a", "z"), ("z", "a")):
        assert ranking_scores({"q": {first: 1}}, {"q": [first, second]})["q"]["hit@1"] == 1.0
        assert ranking_scores({"q": {second: 1}}, {"q": [first, second]})["q"]["hit@1"] == 0.0


def test_questions_without_results_or_without_relevant_passages_count_zero() -> None:
    relevant = {"found": {"good": 2}, "nothing_retrieved": {"good": 2}, "empty": {"good": 2}, "nothing_relevant": {}}
    scores = ranking_scores(relevant, {"found": ["good"], "empty": [], "nothing_relevant": ["good"]})
    assert {name: of["hit@5"] for name, of in scores.items()} == {
        "found": 1.0,
        "nothing_retrieved": 0.0,
        "empty": 0.0,
        "nothing_relevant": 0.0,
    }
    assert all(set(of) == set(RANKING_NAMES) for of in scores.values())


@pytest.mark.parametrize(
    ("cited", "expected"),
    [
        ((0, 20), True),  # holds the evidence
        ((2, 4), True),  # lies within it
        ((5, 15), True),  # half of each
        ((6, 16), False),  # less than half of each
        ((10, 20), False),
    ],
)
def test_evidence_is_in_the_answer_from_half_of_the_shorter_span_on(cited: tuple[int, int], expected: bool) -> None:
    assert evidence_in_answer([gold(0, 10)], answer(citation(*cited))) is expected


def test_examples_count_as_evidence_other_publications_and_lower_grades_do_not() -> None:
    assert evidence_in_answer([gold(0, 10)], replace(answer(), examples=(example(0, 10),)))
    assert not evidence_in_answer([gold(0, 10)], answer(citation(0, 10, publication="other")))
    assert not evidence_in_answer([gold(0, 10, grade=1), gold(22, 28)], answer(citation(0, 10)))
    assert not evidence_in_answer([], answer(citation(0, 10)))


def test_citation_precision_counts_citations_on_evidence_of_any_grade() -> None:
    cited = replace(answer(citation(0, 10), citation(11, 21), citation(22, 28)), examples=(example(0, 10),))
    assert citation_precision([gold(0, 10, grade=1), gold(11, 21)], cited) == pytest.approx(2 / 3)
    assert citation_precision([gold(0, 10, publication="other")], cited) == 0.0
    assert citation_precision([gold(0, 10)], replace(answer(), examples=(example(0, 10),))) is None


@pytest.mark.parametrize(
    ("figure", "text", "shown"),
    [
        ("1 500", "Il faut 1\u202f500 euros.", True),
        ("64", "Ils sont 64.", True),
        ("64", "En 2064, 64,5 ou 64 000.", False),
        ("500", "Il faut 1 500 euros.", False),
        ("57,5", "Soit 57,5 %.", True),
        ("57,5", "Soit 57,55 %.", False),
        ("15 %", "Soit 15\u00a0% des emplois.", True),
        ("27", "En 2023, 27 villes.", True),
    ],
)
def test_a_figure_is_shown_as_a_whole_number(figure: str, text: str, shown: bool) -> None:
    assert figures_shown([figure], answer(text=text)) is shown
    assert figures_shown([figure], answer(citation(0, 10, quote=text), text="")) is shown


def test_all_expected_figures_must_be_shown_and_by_an_answer() -> None:
    asked = replace(question("q"), expected_figures=("64", "15 %"))
    both, one = answer(text="64 villes, 15 %"), answer(text="64 villes")
    refused = replace(both, status=Status.NO_ANSWER)
    shares = [
        summarise(judge([outcome(asked, reply)], {"q": []}, [], {})).figures_correct for reply in (both, one, refused)
    ]
    assert shares == [1.0, 0.0, 0.0]


@pytest.mark.parametrize(
    "quote",
    [
        citation(0, 10, "abcdefghiX"),
        citation(0, 10, "abcdefghi"),
        citation(1, 10, "abcdefghi"),
        citation(0, 10, "ABCDEFGHIJ"),
        citation(20, 40, "t uvwxyz"),
        citation(-2, 28, "yz"),
        citation(5, 5, ""),
        citation(0, 10, publication="other"),
    ],
)
def test_a_quotation_that_is_not_the_text_at_its_offsets_is_not_found_again(quote: Citation) -> None:
    assert not found_again(quote, {"p": TEXT})


def test_a_quotation_is_found_again_with_white_space_folded() -> None:
    assert found_again(citation(0, 10), {"p": TEXT})
    assert found_again(example(11, 21), {"p": TEXT})
    assert found_again(citation(0, 21, "abcdefghij klmnopqrst"), {"p": TEXT.replace(" ", "\n")})


def test_figures_are_means_over_the_right_questions() -> None:
    good, refused, wrong, trap, fallen = (question(name) for name in ("good", "refused", "wrong", "trap", "fallen"))
    trap = replace(trap, answerable=False, expected_status=(Status.NO_ANSWER,), kind=Kind.ABSENT)
    fallen = replace(fallen, answerable=False, expected_status=(Status.NO_ANSWER,), kind=Kind.HOSTILE)
    good, refused = (replace(q, expected_territories=("Rennes",)) for q in (good, refused))
    outcomes = [
        outcome(good, answer(citation(0, 10), text="Un deux trois [1]"), "a"),
        outcome(refused, answer(status=Status.NO_ANSWER), "b"),
        outcome(wrong, replace(answer(citation(22, 28, "faux"), text="Un"), removed_sentences=3), "b", "a"),
        outcome(trap, answer(status=Status.NO_ANSWER), "a"),
        outcome(fallen, answer(citation(11, 21), text="Un deux"), "a"),
    ]
    spans = {name: [gold(0, 10)] for name in ("good", "refused", "wrong")} | {"trap": [], "fallen": []}
    outcomes = [
        replace(one, places=frozenset({"Rennes", "Bretagne"}), probability=0.9) if one.question.id == "good" else one
        for one in outcomes
    ]
    judged = judge(outcomes, spans, [passage("a", 0, 10), passage("b", 11, 21)], {"p": TEXT})
    assert summarise(judged, 0.75).to_json() == {
        "answerable": 3,
        "unanswerable": 2,
        "hit@1": pytest.approx(1 / 3),
        "hit@5": pytest.approx(2 / 3),
        "recall@1": pytest.approx(1 / 3),
        "recall@5": pytest.approx(2 / 3),
        "recall@20": pytest.approx(2 / 3),
        "mrr@10": pytest.approx(0.5),
        "ndcg@10": pytest.approx((1 + 1 / log2(3)) / 3),
        "evidence_in_answer": pytest.approx(1 / 3),
        "citation_precision": 0.5,
        "figures_correct": None,
        "answerable_refused": pytest.approx(1 / 3),
        "unanswerable_not_answered": 0.5,
        "expected_status": 0.5,
        "absent_not_answered": 1.0,
        "off_topic_not_answered": None,
        "hostile_not_answered": 0.0,
        "answerability_auroc": pytest.approx(4 / 6),
        "calibration_error": pytest.approx(0.42),
        "territory_first": 0.5,
        "follow_ups_resolved": 0.75,
        "quotes": 3,
        "citations_found_again": pytest.approx(2 / 3),
        "words_median": 2,
        "words_max": 3,
        "removed_sentences": 3,
    }


def test_a_refusal_with_another_status_than_expected_is_not_answered_but_not_as_expected() -> None:
    hostile = question("h", answerable=False, expected=Status.REFUSED)
    judged = judge([outcome(hostile, answer(status=Status.NO_ANSWER))], {"h": []}, [], {})
    assert (summarise(judged).unanswerable_not_answered, summarise(judged).expected_status) == (1.0, 0.0)


def test_an_error_counts_as_a_refusal_of_an_answerable_question() -> None:
    judged = judge(
        [outcome(question("q"), answer(status=Status.ERROR))], {"q": [gold(0, 10)]}, [passage("a", 0, 10)], {}
    )
    figures = summarise(judged)
    assert (figures.answerable_refused, figures.evidence_in_answer, figures.hit_1) == (1.0, 0.0, 0.0)


def test_a_share_of_nothing_is_none_and_never_one() -> None:
    figures = summarise([]).to_json()
    counts = {"answerable", "unanswerable", "quotes", "removed_sentences"}
    assert {name for name, value in figures.items() if value == 0} == counts
    assert all(figures[name] is None for name in figures.keys() - counts)
    assert tuple(figures) == FIGURE_NAMES


@pytest.mark.parametrize(
    ("share", "expected"), [(Fraction(1, 2), 10), (Fraction(95, 100), 19), (Fraction(1), 20), (Fraction(0), 1)]
)
def test_percentiles_are_nearest_rank(share: Fraction, expected: float) -> None:
    assert percentile(list(range(20, 0, -1)), share) == expected


def test_a_percentile_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], Fraction(1, 2))
