"""What a request may be, and what is said of one that may not."""

from __future__ import annotations

import pytest

from rag.answer import Filters, HostPage, Status, Turn
from rag.errors import MalformedRequest
from rag.request import AskRequest, clean_question, error_answer, parse_request, question_problem


def test_a_whole_request_is_read_and_other_keys_ignored() -> None:
    request = parse_request(
        {
            "question": "Et à Rennes ?",
            "history": [{"question": "Un exemple à Nantes ?", "text": "- « Vilogia… » [1]", "status": "answered"}],
            "filters": {
                "publisher": "RTES",
                "from": "2020",
                "to": "2023-05",
                "themes": ["emploi", " "],
                "territory": "Rennes",
            },
            "without": ["from"],
            "detailed": True,
            "color": "blue",
        }
    )

    assert request.question == "Et à Rennes ?"
    assert request.history == (
        Turn(question="Un exemple à Nantes ?", text="- « Vilogia… » [1]", status=Status.ANSWERED),
    )
    assert request.filters == Filters(
        publisher="RTES", since="2020", until="2023-05", themes=("emploi",), territory="Rennes"
    )
    assert request.without == {"from"}
    assert request.detailed


def test_what_is_left_out_or_null_is_nothing() -> None:
    bare = parse_request({"question": "Et à Rennes ?"})

    assert bare == AskRequest(question="Et à Rennes ?")
    assert bare == parse_request(
        {
            "question": "Et à Rennes ?",
            "history": None,
            "filters": {"themes": None, "territory": " "},
            "without": None,
            "detailed": None,
            "on_page": None,
        }
    )


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "Bonjour",
        {},
        {"question": 3},
        {"question": "a", "history": "b"},
        {"question": "a", "history": [1]},
        {"question": "a", "history": [{"question": "b"}]},
        {"question": "a", "filters": []},
        {"question": "a", "filters": {"publischer": "RTES"}},
        {"question": "a", "filters": {"publisher": 3}},
        {"question": "a", "filters": {"from": "mars"}},
        {"question": "a", "filters": {"from": "2023-13"}},
        {"question": "a", "filters": {"from": "2024", "to": "2023-05"}},
        {"question": "a", "filters": {"themes": "emploi"}},
        {"question": "a", "filters": {"themes": [1]}},
        {"question": "a", "filters": {"territory": ["Rennes"]}},
        {"question": "a", "history": [{"question": "b", "text": 1}]},
        {"question": "a", "history": [{"question": "b", "text": "c", "status": "d"}]},
        {"question": "a", "history": [{"question": "b", "text": "c", "status": ["answered"]}]},
        {"question": "a", "history": [{"question": "b", "text": "c"}] * 201},
        {"question": "a", "without": "territory"},
        {"question": "a", "without": ["territoire"]},
        {"question": "a", "detailed": "oui"},
        {"question": "a", "on_page": "https://www.rtes.fr/"},
        {"question": "a", "on_page": []},
        {"question": "a", "on_page": {}},
        {"question": "a", "on_page": {"url": "https://www.rtes.fr/"}},
        {"question": "a", "on_page": {"url": "", "title": " \u00a0"}},
        {"question": "a", "on_page": {"url": 1, "title": "t"}},
        {"question": "a", "on_page": {"url": "u", "title": None}},
        {"question": "a", "on_page": {"url": "u" * 2001, "title": "t"}},
        {"question": "a", "on_page": {"url": "u", "title": "t" * 301}},
    ],
)
def test_what_is_not_of_the_form_is_malformed(data: object) -> None:
    with pytest.raises(MalformedRequest, match=r"\w"):
        parse_request(data)


@pytest.mark.parametrize(
    ("url", "title"),
    [("u" * 2000, "t" * 300), ("", "t"), ("u", ""), ("javascript:alert(1)", "<b>"), ("\ud800", "\u202e")],
)
def test_a_page_is_taken_as_it_tells_of_itself(url: str, title: str) -> None:
    request = parse_request({"question": "a", "on_page": {"url": url, "title": title, "lang": "fr"}})

    assert request.on_page == HostPage(url=url, title=title)


def test_what_is_said_of_a_page_that_is_none_names_both_limits() -> None:
    with pytest.raises(MalformedRequest, match=r"« on_page » .* 2000 et 300 caractères"):
        parse_request({"question": "a", "on_page": {"url": "u" * 2001, "title": "t"}})


@pytest.mark.parametrize("question", ["", "   ", "\n\t", "?!…", "« »", "\u200b\u200e", "a" * 501, "😀"])
def test_a_question_that_is_not_searched_has_a_reason(question: str) -> None:
    assert question_problem(question)


@pytest.mark.parametrize("question", ["ESS", "où ?", "5", "a" * 500, "Qu’est-ce que l’ESS ?"])
def test_any_other_question_has_none(question: str) -> None:
    assert question_problem(question) is None


def test_invisible_characters_and_loose_white_space_go() -> None:
    assert clean_question(" Les\u00a0 associations\n\U000e0041\u200b e\u0301lues ") == "Les associations élues"


def test_an_error_answer_has_every_field_of_the_contract() -> None:
    answer = error_answer("", "Vide.").to_json()

    assert answer["status"] == Status.ERROR.value
    assert answer["text"] == "Vide."
    assert set(answer) >= {
        "id", "question", "question_understood", "status", "text", "filters", "index_build", "sentences", "citations",
        "examples", "nearest", "links", "follow_ups", "removed_sentences", "composer", "timings_ms",
        "understood_filters", "dropped_filters", "follow_up", "language", "more", "on_page",
    }  # fmt: skip
    assert answer["on_page"] is None
    assert set(answer["timings_ms"]) == {"retrieve", "compose", "verify", "total"}
