"""A chat model is asked, over real HTTP, whether the cited passages say what a written sentence says; in doubt they do not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from ingest.settings import IngestSettings
from rag.chat.client import open_chat_model
from rag.chat.entail import ENTAIL_TEMPLATE, load_entail_prompt
from rag.chat.settings import ChatSettings
from rag.settings import RagSettings
from rag.support.inference import InferenceError, load_infer
from rag.support.judge import Entailment, Infer
from tests.scripted_model import (
    Request,
    Script,
    ScriptedModel,
    breaks_off,
    calls_tool,
    closes,
    fails,
    nothing,
    raw,
    refuses,
    says,
    silent,
    stops_short,
    thinks_apart,
)
from tests.test_chat_prompt import HOSTILE, NONCE, assert_data_stays
from tests.test_support_inference import evidence

PROMPT = load_entail_prompt()
OFFLINE = IngestSettings(hf_hub_offline=True)
SENTENCE = "La commune prête le local."


def opened(url: str, **more: float) -> Infer:
    """What VERIFIER_MODEL=chat is, patient for 0.4 s."""
    times = {"chat_model_first_timeout": 0.4, "chat_model_failures": 1000, **more}
    chat = open_chat_model(ChatSettings(chat_model="openai:scripted", chat_model_base_url=url, **times))  # type: ignore[arg-type]
    infer = load_infer(RagSettings(verifier_model="chat"), OFFLINE, chat)
    assert infer is not None
    return infer


@pytest.fixture(scope="module")
def judged() -> Iterator[Callable[[Script], Entailment]]:
    """What a model that plays the script makes of a sentence."""
    playing: list[Script] = []
    with ScriptedModel(lambda _asked: playing[-1]) as server:
        infer = opened(server.url)

        def play(script: Script) -> Entailment:
            playing.append(script)
            return infer(evidence("La commune prête le local et paie l'électricité."), SENTENCE)

        yield play


@pytest.mark.parametrize("said", ["OUI", "oui", "Oui.", "**OUI**", "« OUI »", "OUI\n"])
def test_a_yes_is_a_yes(judged: Callable[[Script], Entailment], said: str) -> None:
    entailed = judged(says(said))
    assert entailed.probability == 1
    assert entailed.tokens is not None
    assert (entailed.tokens.sent, entailed.tokens.received) == (100, 20)


@pytest.mark.parametrize(
    "said",
    [
        "NON",
        "NON, OUI n'est pas possible",
        "OUI et NON",
        "OUI, mais seulement en partie",
        "ouïe",
        "YES",
        "Louis",
        "…",
        "OUI OUI",
    ],
)
def test_anything_else_is_none(judged: Callable[[Script], Entailment], said: str) -> None:
    assert judged(says(said)).probability == 0


@pytest.mark.parametrize(
    "script",
    [
        nothing(),
        refuses(),
        calls_tool(),
        breaks_off("OUI"),
        stops_short("OUI"),
        says("OUI", finish="length"),
        closes(),
        fails(401),
        fails(500),
        raw(b"rubbish\n\n"),
        silent(2.0),
    ],
    ids=["nothing", "refuses", "tool", "breaks", "stops", "cut", "closes", "401", "500", "rubbish", "silent"],
)
def test_a_model_that_fails_says_no(judged: Callable[[Script], Entailment], script: Script) -> None:
    assert judged(script).probability == 0


def test_what_it_thinks_is_not_what_it_says(judged: Callable[[Script], Entailment]) -> None:
    assert judged(thinks_apart("NON, ou plutôt… NON.", "OUI")).probability == 1
    assert judged(says("<think>OUI", " OUI</think>", "NON")).probability == 0


def test_it_is_shown_each_cited_passage_once_and_whole_and_the_sentence() -> None:
    asked: list[Request] = []

    def script(request: Request) -> Script:
        asked.append(request)
        return says("OUI")

    extracts = evidence("La commune prête le local.", "Elle paie l'électricité.")
    passage = replace(extracts[0].cited.passage, context="Ce que la commune apporte :")
    cited = replace(extracts[0].cited, passage=passage, title="Guide\nRTES\nLocaux")
    with ScriptedModel(script) as server:
        opened(server.url)([replace(extract, cited=cited) for extract in extracts], SENTENCE)

    assert len(asked) == 1
    user = asked[0].messages[-1]["content"]
    assert user.count("<<extrait ") == 1
    assert (
        "titre : Guide › RTES › Locaux\n| Ce que la commune apporte :\n| La commune prête le local. Elle paie l'électricité."
        in user
    )
    assert SENTENCE in user.partition("<<phrase ")[2]


def test_after_failures_it_is_left_alone_and_says_no() -> None:
    with ScriptedModel(fails(500)) as server:
        infer = opened(server.url, chat_model_failures=2)
        answers = [infer(evidence("Un."), SENTENCE).probability for _ in range(5)]
        tries = len(server.requests)

    assert answers == [0] * 5
    assert tries == 4  # two failures of two tries each


def test_without_a_chat_model_there_is_nobody_to_ask() -> None:
    with pytest.raises(InferenceError, match="VERIFIER_MODEL=chat: there is no chat model to ask"):
        load_infer(RagSettings(verifier_model="chat"), OFFLINE, None)


def test_the_version_is_read_and_a_template_without_a_part_is_refused(tmp_path: Path) -> None:
    assert re.fullmatch(r"\d+", PROMPT.version)
    whole = ENTAIL_TEMPLATE.read_text(encoding="utf-8")
    (tmp_path / "entail.md").write_text(whole.replace("=== passage ===", ""), encoding="utf-8")
    with pytest.raises(ValueError, match=r"entail\.md: expected a line .* system, passage, user"):
        load_entail_prompt(tmp_path / "entail.md")


@given(sentence=HOSTILE, title=HOSTILE, text=HOSTILE)
def test_nothing_that_is_judged_gets_out_of_its_place(sentence: str, title: str, text: str) -> None:
    (plain_system, plain), (system, user) = (
        [str(message.content) for message in PROMPT.messages(said, [(above, below)], nonce=NONCE)]
        for said, above, below in (("S", "T", "X"), (sentence, title, text))
    )

    assert system == plain_system
    assert_data_stays(user, plain, last="phrase", label="titre")
