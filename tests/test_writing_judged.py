"""A chat model that judges what it wrote does so within the answer's beat, time, patience and budget."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path

import pytest

from ingest.index.embedder import Embedder
from ingest.settings import IngestSettings
from rag import writing
from rag.answer import EXTRACTIVE, WRITTEN, Answer
from rag.chat.tokens import Tokens
from rag.phrases import phrases_for
from rag.pipeline import Assistant
from rag.request import AskRequest
from rag.settings import RagSettings
from rag.support.inference import load_infer
from tests.scripted_model import Request, Script, Scripted, ScriptedModel, fails, says, silent
from tests.test_writing import QUESTION, SECOND, TRUE, model, writes

BOTH = writes(f"{TRUE} [@].", f"{SECOND} [#].")
YES = says("OUI")


def after(seconds: float) -> Script:
    """A yes that takes so long."""
    return Script(steps=lambda form: [seconds, *YES.steps(form)])


@dataclass(kw_only=True)
class Judged:
    """An assistant whose model writes and judges what it wrote, and what its server says for each."""

    assistant: Assistant
    server: ScriptedModel
    writes: Scripted = BOTH
    judges: list[Scripted] = field(default_factory=lambda: [YES])

    @property
    def judgings(self) -> list[Request]:
        """What it was asked to judge, so far."""
        return [asked for asked in self.server.requests if "<<phrase " in asked.prompt]

    def pieces(self) -> Iterator[Answer]:
        """The answer as it grows."""
        return self.assistant.reply_in_pieces(AskRequest(question=QUESTION))

    def answer(self) -> Answer:
        """The whole of it, without suggestions, which take time of their own."""
        return next(answer for answer in self.pieces() if not answer.growing)


@contextmanager
def judging(index: Path, embedder: Embedder, **settings: float) -> Iterator[Judged]:
    """An assistant whose model writes and judges as it is told, patient unless `settings` say otherwise."""
    made: list[Judged] = []

    def play(asked: Request) -> Script:
        played = made[0].writes
        if "<<phrase " in asked.prompt:
            judges = made[0].judges
            played = judges.pop(0) if len(judges) > 1 else judges[0]
        return played if isinstance(played, Script) else played(asked)

    patience = {"chat_model_first_timeout": 20, "chat_model_total_timeout": 30}
    with ScriptedModel(play) as server:
        chat = model(server.url, **patience | settings)
        infer = load_infer(RagSettings(verifier_model="chat"), IngestSettings(hf_hub_offline=True), chat)
        made.append(Judged(assistant=Assistant.open(index, embedder, chat=chat, infer=infer), server=server))
        yield made[0]


def test_while_a_sentence_is_judged_the_beat_is_kept(brochure_index: Path, embedder: Embedder) -> None:
    with judging(brochure_index, embedder) as judged:
        judged.judges = [after(2.5)]
        judged.writes = writes(f"{TRUE} [@].")
        beats = 0
        for answer in judged.pieces():
            beats += bool(judged.judgings) and answer.growing and not answer.text
            if not answer.growing:
                break
    assert [sentence.text for sentence in answer.sentences] == [f"{TRUE}."]
    assert 3 <= beats <= 6  # as often as that, and not each time that it is looked


def test_while_the_first_words_are_waited_for_it_is_kept_too(brochure_index: Path, embedder: Embedder) -> None:
    with judging(brochure_index, embedder) as judged:
        judged.writes = lambda asked: Script(steps=lambda form: [1.5, *BOTH(asked).steps(form)])
        pieces = judged.pieces()
        waited = [answer for answer in takewhile(lambda one: one.growing, pieces) if not answer.text]
    assert len(waited) >= 3


def test_who_no_longer_waits_closes_the_connections_of_writing_and_of_judging(
    brochure_index: Path, embedder: Embedder
) -> None:
    with judging(brochure_index, embedder) as judged:
        judged.writes = lambda asked: Script(steps=lambda form: [*list(BOTH(asked).steps(form))[:-3], 60.0])
        judged.judges = [silent()]
        pieces = judged.pieces()
        for _ in pieces:
            if judged.judgings:
                break
        assert not any(asked.hung_up.is_set() for asked in judged.server.requests)
        del pieces
        assert len(judged.server.requests) == 2
        assert all(asked.hung_up.wait(5) for asked in judged.server.requests)


def test_after_the_time_of_the_answer_nothing_is_judged_and_what_was_shown_is_cut_there(
    brochure_index: Path, embedder: Embedder
) -> None:
    with judging(brochure_index, embedder, chat_model_total_timeout=2, chat_model_failures=1) as judged:
        judged.judges = [YES, silent()]  # the second sentence is there long before it is judged
        start = time.monotonic()
        answer = judged.answer()
        took = time.monotonic() - start
        assert [sentence.text for sentence in answer.sentences] == [f"{TRUE}."]
        assert (answer.composer, answer.more, answer.removed_sentences) == (WRITTEN, False, 0)
        assert answer.text.endswith(phrases_for("fr").interrupted)
        assert answer.tokens is not None
        assert answer.tokens.estimated  # of the judging that was given up
        assert took < 6
        assert judged.judgings[1].hung_up.wait(5)
        # The time was the answer's: the judge is not held to have failed.
        judged.judges = [YES]
        assert len(judged.answer().sentences) == 2


def test_of_what_comes_after_that_time_nothing_is_asked(brochure_index: Path, embedder: Embedder) -> None:
    with judging(brochure_index, embedder, chat_model_total_timeout=1.5) as judged:
        # The one before is judged in time, and then taken up so late that there is none left.
        judged.judges = [YES]
        pieces = judged.pieces()
        for answer in pieces:
            if answer.sentences:
                time.sleep(2)
                break
        last = next(answer for answer in pieces if not answer.growing)
        assert len(judged.judgings) == 1
        assert [sentence.text for sentence in last.sentences] == [f"{TRUE}."]
        assert last.text.endswith(phrases_for("fr").interrupted)


def test_where_nothing_was_judged_in_time_extracts_answer(brochure_index: Path, embedder: Embedder) -> None:
    with judging(brochure_index, embedder, chat_model_total_timeout=1) as judged:
        judged.judges = [silent()]
        answer = judged.answer()
        assert (answer.composer, answer.fallback) == (EXTRACTIVE, True)
        assert len(judged.judgings) == 1


def test_while_the_judge_is_left_alone_the_writer_is_not_asked(brochure_index: Path, embedder: Embedder) -> None:
    with judging(brochure_index, embedder, chat_model_failures=2, chat_model_pause=3) as judged:
        judged.judges = [fails(401)]
        judged.answer()
        asked = len(judged.server.requests)
        answer = judged.answer()
        assert (asked, len(judged.server.requests)) == (3, 3)
        assert (answer.composer, answer.fallback, answer.tokens) == (EXTRACTIVE, True, None)
        time.sleep(3)
        judged.judges = [YES]
        assert judged.answer().composer == WRITTEN


def test_an_answer_under_way_is_judged_to_its_end_and_none_is_begun_after_it(
    brochure_index: Path, embedder: Embedder
) -> None:
    with judging(brochure_index, embedder, chat_model_daily_tokens=120) as judged:
        first, second = judged.answer(), judged.answer()
        assert len(judged.server.requests) == 3
    assert [sentence.text for sentence in first.sentences] == [f"{TRUE}.", f"{SECOND}."]
    assert (first.removed_sentences, first.tokens) == (0, Tokens(sent=300, received=60, estimated=False))
    assert (second.composer, second.fallback, second.tokens) == (EXTRACTIVE, True, None)


def test_a_sentence_that_is_too_long_is_dropped_before_it_is_read(brochure_index: Path, embedder: Embedder) -> None:
    def is_read(text: str) -> bool:
        assert len(text) <= 2000
        return False

    with judging(brochure_index, embedder) as judged, pytest.MonkeyPatch.context() as patched:
        patched.setattr(writing, "is_forbidden", is_read)
        judged.writes = writes(f"{TRUE} [@].", f"{TRUE}, {'et les inciter, ' * 150}au soutien de l'ESS [@].")
        answer = judged.answer()
        assert len(judged.judgings) == 1
    assert [sentence.text for sentence in answer.sentences] == [f"{TRUE}."]
    assert answer.removed_sentences == 1


@pytest.mark.parametrize(
    "text", ["«" + " " * 100_000, "« a" + " " * 100_000 + "b", "« a " + "b " * 50_000, "« " * 5_000]
)
def test_quotations_are_looked_for_in_linear_time(text: str) -> None:
    start = time.monotonic()
    assert writing._QUOTED.findall(text) == []
    assert time.monotonic() - start < 2


def test_what_is_quoted_has_no_space_around_it() -> None:
    said = 'Il dit « oui » , « a », “ non merci ” et "bien sûr".'
    assert writing._QUOTED.findall(said) == ["oui", "a", "non merci", "bien sûr"]
