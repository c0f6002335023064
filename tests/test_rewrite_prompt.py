"""How a model is asked for a question: what it is told, and that whatever was said stays data."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given

from rag.answer import Turn
from rag.chat.rewrite import REWRITE_TEMPLATE, load_rewrite_prompt
from tests.test_chat_prompt import HOSTILE, NONCE, assert_data_stays

PROMPT = load_rewrite_prompt()


def shown(question: str, *turns: Turn) -> tuple[str, str]:
    system, user = PROMPT.messages(question, turns, nonce=NONCE)
    assert (system.type, user.type) == ("system", "human")
    return str(system.content), str(user.content)


def test_turns_are_numbered_and_delimited_and_the_typed_question_comes_last() -> None:
    _, user = shown("et ça ?", Turn(question="Qui ?", text="Une.\n\nDeux."), Turn(question="Où ?", text=""))

    assert user.startswith(
        f"<<échange 1 {NONCE}>>\nquestion : Qui ?\nréponse :\n| Une.\n| Deux.\n<<fin de l'échange 1 {NONCE}>>\n\n"
        f"<<échange 2 {NONCE}>>\nquestion : Où ?\nréponse :\n| (vide)\n<<fin de l'échange 2 {NONCE}>>\n\n"
        f"<<dernière question {NONCE}>>\net ça ?\n<<fin de la dernière question {NONCE}>>\n"
    )


@pytest.mark.parametrize("rule", ["une seule question", "500 caractères", "langue de la dernière", "DONNÉES", NONCE])
def test_the_rules_name_form_length_language_and_data(rule: str) -> None:
    assert rule in shown("et ça ?")[0]


def test_each_request_has_a_nonce_of_its_own_and_no_text_of_the_outside_in_its_rules() -> None:
    turn = Turn(question="Q-dehors", text="R-dehors")
    systems = {str(PROMPT.messages("T-dehors", [turn])[0].content) for _ in range(3)}

    assert len(systems) == 3
    assert not any("dehors" in system for system in systems)


def test_the_version_is_read_and_a_template_without_a_part_is_refused(tmp_path: Path) -> None:
    assert re.fullmatch(r"\d+", PROMPT.version)
    whole = REWRITE_TEMPLATE.read_text(encoding="utf-8")
    (tmp_path / "rewrite.md").write_text(whole.replace("=== turn ===", ""), encoding="utf-8")
    with pytest.raises(ValueError, match=r"rewrite\.md: expected a line .* system, turn, user"):
        load_rewrite_prompt(tmp_path / "rewrite.md")


@given(typed=HOSTILE, question=HOSTILE, text=HOSTILE)
def test_nothing_that_was_said_gets_out_of_its_place(typed: str, question: str, text: str) -> None:
    plain_system, plain = shown("T", Turn(question="Q", text="R"))
    system, user = shown(typed, Turn(question=question, text=text))

    assert system == plain_system
    assert_data_stays(user, plain, last="dernière question", label="question")
