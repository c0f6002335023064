"""A chat model's answer over real HTTP: what comes out, what is refused, how long it may take, what it costs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from socket import create_server, socket

import pytest
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from rag.chat.client import ChatModel, Reply, open_chat_model
from rag.chat.errors import BudgetSpent, ChatModelError, Reason
from rag.chat.run import End
from rag.chat.settings import ChatSettings
from rag.chat.tokens import Tokens
from tests import scripted_model as script
from tests.scripted_model import Form, ScriptedModel

KEY = "sk-a-key-that-nobody-may-see"
MESSAGES: tuple[BaseMessage, ...] = (SystemMessage("Réponds."), HumanMessage("Un secret du prompt ?"))
GOOD = script.says("Les régies ", "emploient. [1]")
# Far from what a healthy local server takes (10 ms), on a machine that is ten times as slow as this one.
FIRST, TOTAL = 0.8, 1.6


@pytest.fixture(params=["openai", "mistral"])
def form(request: pytest.FixtureRequest) -> Form:
    """Each test here is run over both libraries."""
    return "mistral" if request.param == "mistral" else "openai"


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "MISTRAL_API_KEY"):
        monkeypatch.setenv(name, KEY)


def opened(
    url: str,
    form: Form,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    today: Callable[[], date] = lambda: date(2026, 1, 1),
    **settings: float,
) -> ChatModel:
    limits = {"chat_model_first_timeout": 20, "chat_model_total_timeout": 30, "chat_model_max_tokens": 200}
    name = {"openai": "openai:any", "mistral": "mistralai:any"}[form]
    known = ChatSettings.model_validate(
        {
            "chat_model": name,
            "chat_model_base_url": url,
            **limits,
            **{f"chat_model_{k}": v for k, v in settings.items()},
        }
    )
    model = open_chat_model(known, clock=clock, sleep=sleep, today=today)
    assert model is not None
    return model


def failure(reply: Reply) -> tuple[list[str], ChatModelError]:
    """What was given out before the error, and the error."""
    given: list[str] = []
    with pytest.raises(ChatModelError) as caught:
        given.extend(reply)  # a list takes what comes before the error
    return given, caught.value


def test_an_answer_comes_in_pieces_with_its_tokens(form: Form) -> None:
    with ScriptedModel(GOOD, form=form) as server:
        reply = opened(server.url, form).stream(MESSAGES)

        assert list(reply) == ["Les régies ", "emploient. [1]"]
        assert (reply.end, reply.tokens) == (End.WHOLE, Tokens(sent=100, received=20, estimated=False))
    (request,) = server.requests
    assert request.path == "/v1/chat/completions"
    assert [message["content"] for message in request.messages] == ["Réponds.", "Un secret du prompt ?"]
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["accept-encoding"] == "identity"  # a packed body would have no bound
    assert (request.body["max_tokens"], request.body["temperature"], request.body["model"]) == (200, 0, "any")


def test_each_answer_has_a_connection_of_its_own(form: Form) -> None:
    with ScriptedModel(GOOD, form=form) as server:
        model = opened(server.url, form)
        for _ in range(3):
            assert list(model.stream(MESSAGES))

        assert len({request.connection for request in server.requests}) == 3


@pytest.mark.parametrize("name", ["gpt-5-pro", "gpt-5.4-pro", "gpt-5.2-codex", "gpt-6-astra"])
def test_no_name_turns_it_to_another_api_than_that_of_compatible_servers(name: str) -> None:
    with ScriptedModel(GOOD) as server:
        settings = ChatSettings(chat_model=f"openai:{name}", chat_model_base_url=server.url)
        model = open_chat_model(settings)
        assert model is not None
        assert "".join(model.stream(MESSAGES)) == "Les régies emploient. [1]"


def test_a_piece_is_given_out_before_the_next_one_exists(form: Form) -> None:
    with (
        ScriptedModel(script.drips(first="Oui"), form=form) as server,
        opened(server.url, form).stream(MESSAGES) as reply,
    ):
        assert next(reply) == "Oui"


@pytest.mark.parametrize(
    "nothing",
    [
        script.nothing(),
        script.refuses(),
        script.calls_tool(),
        script.says(" \n", "<think>Je ", "pense"),
        script.says(""),
    ],
)
def test_no_text_is_nothing_and_no_error(nothing: script.Script, form: Form) -> None:
    with ScriptedModel(nothing, form=form) as server:
        reply = opened(server.url, form).stream(MESSAGES)

        assert list(reply) == []
        assert reply.end is End.NOTHING


@pytest.mark.parametrize(
    "thinks",
    [
        script.thinks_apart("Secret.", "Oui. [1]"),
        script.says("<think>Secret.</think>\n\n", "Oui. [1]"),
        script.says("<th", "ink>Sec", "ret.</thi", "nk>", " Oui", ". [1]"),
        script.says("Oui", ".<THINKING>Secret</thinking> [1]"),
    ],
)
def test_reasoning_is_never_given_out(thinks: script.Script, form: Form) -> None:
    with ScriptedModel(thinks, form=form) as server:
        assert "".join(opened(server.url, form).stream(MESSAGES)) == "Oui. [1]"


def test_what_only_looks_like_reasoning_is_given_out(form: Form) -> None:
    with ScriptedModel(script.says("Si a <", " b et <th", "> alors <thin"), form=form) as server:
        assert "".join(opened(server.url, form).stream(MESSAGES)) == "Si a < b et <th> alors <thin"


@pytest.mark.parametrize(
    "garbage",
    [
        script.raw(b"<html>Bonjour</html>", headers={"Content-Type": "text/html"}),
        script.raw(b'{"choices": []}', headers={"Content-Type": "application/json"}),
        script.raw(b"data: nonsense\n\n"),
        script.raw(script.event([1])),
        script.raw(script.event({"a": 1})),
        script.raw(script.event({"choices": "x"})),
        script.raw(script.event({"choices": [{"index": 0, "delta": {"content": 7}}]})),
        script.raw(script.event({"error": {"message": KEY}})),
        script.raw(b"data: " + b"[" * 100_000 + b"\n\n"),
        script.raw(b"data: \xff\xfe\n\n"),
        script.raw(b"\n\n"),
        script.raw(b"packed", headers={"Content-Encoding": "gzip"}),
    ],
)
def test_garbage_is_broken_and_not_asked_again(garbage: script.Script, form: Form) -> None:
    with ScriptedModel(garbage, form=form) as server:
        given, error = failure(opened(server.url, form).stream(MESSAGES))

        assert (given, error.reason, len(server.requests)) == ([], Reason.BROKEN, 1)


def test_an_event_that_does_not_end_is_given_up_before_it_fills_the_memory(form: Form) -> None:
    with ScriptedModel(script.long_line(), form=form) as server:
        given, error = failure(opened(server.url, form).stream(MESSAGES))

        assert (given, error.reason) == ([], Reason.BROKEN)
        assert server.requests[0].hung_up.wait(5)  # it had 50 MB to say


@pytest.mark.parametrize("cut", [script.breaks_off("Les régies"), script.stops_short("Les régies")])
def test_what_is_cut_off_in_the_middle_is_broken_and_not_asked_again(cut: script.Script, form: Form) -> None:
    with ScriptedModel(cut, GOOD, form=form) as server:
        given, error = failure(opened(server.url, form).stream(MESSAGES))

        assert (given, error.reason, len(server.requests)) == (["Les régies"], Reason.BROKEN, 1)


@pytest.mark.parametrize(
    ("first", "waited"),
    [
        (script.fails(429, retry_after="2"), 2.0),
        (script.fails(429), 0.2),
        (script.fails(500), 0.2),
        (script.fails(503, retry_after="Wed, 21 Oct 2026 07:28:00 GMT"), 0.2),
        (script.closes(), 0.2),
    ],
)
def test_one_more_try_before_the_first_words(first: script.Script, waited: float, form: Form) -> None:
    slept: list[float] = []
    with ScriptedModel(first, GOOD, form=form) as server:
        answer = "".join(opened(server.url, form, sleep=slept.append).stream(MESSAGES))

        assert (answer, slept, len(server.requests)) == ("Les régies emploient. [1]", [waited], 2)


@pytest.mark.parametrize(
    ("scripts", "reason", "asked"),
    [
        ([script.fails(500), script.fails(500), GOOD], Reason.FAILED, 2),
        ([script.fails(429), script.closes(), GOOD], Reason.UNREACHABLE, 2),
        ([script.fails(429, retry_after="4"), GOOD], Reason.BUSY, 1),  # longer than a reader would wait
        ([script.fails(401), GOOD], Reason.REFUSED, 1),
        ([script.fails(404), GOOD], Reason.REFUSED, 1),
        ([script.raw(b"", status=307, headers={"Location": "http://127.0.0.1:9/"}), GOOD], Reason.REFUSED, 1),
    ],
)
def test_then_no_more(scripts: list[script.Script], reason: Reason, asked: int, form: Form) -> None:
    with ScriptedModel(*scripts, form=form) as server:
        reply = opened(server.url, form, sleep=lambda _: None).stream(MESSAGES)
        given, error = failure(reply)

        assert (given, error.reason, len(server.requests)) == ([], reason, asked)
        assert reply.tokens == Tokens(sent=0, received=0, estimated=False)


def test_who_must_wait_longer_than_the_first_words_may_take_is_not_asked_again(form: Form) -> None:
    with ScriptedModel(script.fails(429, retry_after="2"), GOOD, form=form) as server:
        _, error = failure(opened(server.url, form, first_timeout=1.5, sleep=lambda _: None).stream(MESSAGES))

        assert (error.reason, len(server.requests)) == (Reason.BUSY, 1)


def test_nobody_listening_is_unreachable(form: Form) -> None:
    with create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    _, error = failure(opened(f"http://127.0.0.1:{port}/v1", form, sleep=lambda _: None).stream(MESSAGES))

    assert error.reason is Reason.UNREACHABLE


def test_a_port_that_takes_no_connection_is_given_up_in_time(form: Form) -> None:
    with create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        waiting = [socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(address)
        began = time.monotonic()
        _, error = failure(opened(f"http://127.0.0.1:{address[1]}/v1", form, connect_timeout=0.3).stream(MESSAGES))
        for one in waiting:
            one.close()

    assert error.reason is Reason.TIMEOUT
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("slow", [script.silent(), script.slow_first(60.0, "Trop tard."), script.drips()])
def test_what_is_silent_before_the_first_words_is_given_up_in_time(slow: script.Script, form: Form) -> None:
    with ScriptedModel(slow, form=form) as server:
        began = time.monotonic()
        reply = opened(server.url, form, first_timeout=FIRST).stream(MESSAGES)
        given, error = failure(reply)
        took = time.monotonic() - began

        assert (given, error.reason, len(server.requests)) == ([], Reason.TIMEOUT, 1)
        assert FIRST <= took < FIRST + 2
        assert reply.tokens is not None
        assert reply.tokens.estimated
        assert reply.tokens.sent > 5
        assert server.requests[0].hung_up.wait(5)


@pytest.mark.parametrize(
    "slow",
    [script.drips(first="Oui. "), script.endless("Oui. ", every=0.1), script.says("Oui. ", *[" "] * 90, every=0.1)],
)
def test_what_does_not_end_is_given_up_in_time(slow: script.Script, form: Form) -> None:
    with ScriptedModel(slow, form=form) as server:
        began = time.monotonic()
        model = opened(server.url, form, first_timeout=1.5, total_timeout=TOTAL, max_tokens=10_000)
        given, error = failure(model.stream(MESSAGES))

        assert given[0].startswith("Oui.")
        assert error.reason is Reason.TIMEOUT
        assert TOTAL - 0.2 <= time.monotonic() - began < TOTAL + 2
        assert server.requests[0].hung_up.wait(5)


def test_a_reader_who_is_slow_does_not_make_an_endless_answer_longer(form: Form) -> None:
    with ScriptedModel(script.endless(every=0.05), form=form) as server:
        reply = opened(server.url, form, total_timeout=FIRST, max_tokens=10_000).stream(MESSAGES)
        next(reply)
        # Nobody reads meanwhile, and still it is ended.
        assert server.requests[0].hung_up.wait(FIRST + 5)
        reply.close()


def test_an_endless_answer_is_cut_at_the_limit(form: Form) -> None:
    with ScriptedModel(script.endless(), form=form) as server:
        reply = opened(server.url, form, max_tokens=50).stream(MESSAGES)
        answer = "".join(reply)

        assert 50 < len(answer) < 500
        assert reply.end is End.CUT
        assert server.requests[0].hung_up.wait(5)


@pytest.mark.parametrize("finish", ["length", "content_filter"])
def test_what_the_other_side_cut_is_told(finish: str, form: Form) -> None:
    with ScriptedModel(script.says("Les régies", finish=finish), form=form) as server:
        reply = opened(server.url, form).stream(MESSAGES)

        assert list(reply) == ["Les régies"]
        assert reply.end is End.CUT


@pytest.mark.parametrize("how", ["close", "with", "forget"])
def test_who_stops_reading_closes_the_connection(how: str, form: Form) -> None:
    with ScriptedModel(script.endless(every=0.02), form=form) as server:
        model = opened(server.url, form, max_tokens=100_000)
        reply = model.stream(MESSAGES)
        next(reply)
        assert not server.requests[0].hung_up.is_set()
        if how == "close":
            reply.close()
        elif how == "with":
            with reply:
                pass
        del reply

        assert server.requests[0].hung_up.wait(5)
        assert model.budget.spent > 0


def test_a_reply_that_nobody_reads_asks_nothing(form: Form) -> None:
    with ScriptedModel(GOOD, form=form) as server:
        opened(server.url, form).stream(MESSAGES).close()

        assert server.requests == []


def test_tokens_that_nobody_counts_are_estimated_and_said_to_be(form: Form) -> None:
    with ScriptedModel(script.says("x" * 300, usage=None), form=form) as server:
        reply = opened(server.url, form).stream(MESSAGES)
        list(reply)

        assert reply.tokens == Tokens(sent=10, received=100, estimated=True)


def test_a_day_s_tokens_once_used_up_nothing_is_asked_until_the_next(form: Form) -> None:
    day = [date(2026, 1, 1)]
    with ScriptedModel(GOOD, form=form) as server:
        model = opened(server.url, form, daily_tokens=240, today=lambda: day[0])
        for _ in range(2):
            list(model.stream(MESSAGES))
        _, error = failure(model.stream(MESSAGES))

        assert isinstance(error, BudgetSpent)
        assert (error.reason, model.budget.spent, len(server.requests)) == (Reason.BUDGET, 240, 2)
        assert "240" in str(error)
        day[0] = date(2026, 1, 2)
        assert "".join(model.stream(MESSAGES)) == "Les régies emploient. [1]"
        assert model.budget.spent == 120


def test_what_belongs_to_an_answer_under_way_is_not_refused_for_the_day_s_tokens_and_counts(form: Form) -> None:
    with ScriptedModel(GOOD, form=form) as server:
        model = opened(server.url, form, daily_tokens=120)
        for under_way in (False, True, True):
            assert list(model.stream(MESSAGES, under_way=under_way))
        assert isinstance(failure(model.stream(MESSAGES))[1], BudgetSpent)
        assert model.budget.spent == 360


@pytest.mark.parametrize(
    "slow",
    [
        script.slow_first(0.7, "Oui."),
        script.Script(steps=lambda form: [0.7, *script.says("Oui.").steps(form)]),
        script.says("<think>", *["tout "] * 7, "</think>", "Oui.", every=0.07),
    ],
    ids=["silent", "without a head", "thinks"],
)
def test_what_ticks_gives_way_while_it_is_silent(slow: script.Script, form: Form) -> None:
    with ScriptedModel(slow, form=form) as server:
        model = opened(server.url, form)
        ticking = list(model.stream(MESSAGES, ticking=True))
        assert ("".join(ticking), ticking.count("") >= 4) == ("Oui.", True)
        assert list(model.stream(MESSAGES)) == ["Oui."]


def test_what_ticks_is_no_more_patient_and_gives_way_before_another_try_too(form: Form) -> None:
    slept: list[float] = []
    with ScriptedModel(script.fails(503), script.silent(20.0), form=form) as server:
        reply = opened(server.url, form, first_timeout=1.0, sleep=slept.append).stream(MESSAGES, ticking=True)
        given, error = failure(reply)
        assert (error.reason, set(given), len(server.requests)) == (Reason.TIMEOUT, {""}, 2)
    assert len(slept) > 1
    assert sum(slept) == pytest.approx(0.2)


def test_after_failures_in_a_row_nobody_is_asked_for_a_while_then_one_tries(form: Form) -> None:
    now = [0.0]
    bad = script.fails(401)
    with ScriptedModel(bad, bad, bad, GOOD, form=form) as server:
        model = opened(server.url, form, failures=2, pause=60, clock=lambda: now[0])
        reasons = [failure(model.stream(MESSAGES))[1].reason for _ in range(4)]
        assert (reasons, len(server.requests)) == ([Reason.REFUSED] * 2 + [Reason.PAUSED] * 2, 2)
        now[0] = 61
        assert failure(model.stream(MESSAGES))[1].reason is Reason.REFUSED  # the trial
        assert failure(model.stream(MESSAGES))[1].reason is Reason.PAUSED
        now[0] = 122
        assert [list(model.stream(MESSAGES)) for _ in range(2)] == [["Les régies ", "emploient. [1]"]] * 2


def test_while_one_tries_the_others_are_refused(form: Form) -> None:
    now = [0.0]
    with ScriptedModel(script.fails(401), script.drips(first="Oui. "), GOOD, form=form) as server:
        model = opened(server.url, form, failures=1, pause=60, clock=lambda: now[0])
        failure(model.stream(MESSAGES))
        now[0] = 61
        with model.stream(MESSAGES) as trial:
            assert next(trial) == "Oui. "
            assert failure(model.stream(MESSAGES))[1].reason is Reason.PAUSED
        # Its words said that the model works: no trial now, anybody may ask.
        with model.stream(MESSAGES) as one, model.stream(MESSAGES) as other:
            assert (next(one), next(other)) == ("Les régies ", "Les régies ")
        assert len(server.requests) == 4


def test_a_success_between_failures_keeps_it_closed(form: Form) -> None:
    bad = script.fails(401)
    with ScriptedModel(bad, GOOD, bad, GOOD, form=form) as server:
        model = opened(server.url, form, failures=2)
        for _ in range(2):
            assert failure(model.stream(MESSAGES))[1].reason is Reason.REFUSED
            assert list(model.stream(MESSAGES))


def test_twenty_at_once_get_each_their_own_answer(form: Form) -> None:
    with ScriptedModel(
        lambda asked: script.says(*str(asked.messages[-1]["content"]), every=0.001), form=form
    ) as server:
        model = opened(server.url, form)

        def ask(number: int) -> str:
            return "".join(model.stream([HumanMessage(f"Question {number}")]))

        with ThreadPoolExecutor(20) as pool:
            answers = list(pool.map(ask, range(20)))

        assert answers == [f"Question {number}" for number in range(20)]
        assert model.budget.spent == 20 * 120


@pytest.mark.parametrize(
    "bad", [script.fails(401), script.fails(500), script.raw(b"data: x\n\n"), script.closes(), script.breaks_off("a")]
)
def test_no_message_and_no_log_holds_a_key_or_the_prompt(
    bad: script.Script, form: Form, caplog: pytest.LogCaptureFixture
) -> None:
    with ScriptedModel(bad, form=form) as server, caplog.at_level("INFO"):
        model = opened(server.url, form, sleep=lambda _: None)
        _, error = failure(model.stream(MESSAGES))

    assert "chat model: " in caplog.text
    for text in (str(error), repr(error), caplog.text, repr(model), str(model), repr(model.model)):
        assert KEY not in text
        assert "secret du prompt" not in text
    assert (error.__cause__, error.__context__) == (None, None)


def test_a_machine_elsewhere_is_never_connected_to(form: Form, tmp_path: Path) -> None:
    """Told by the interpreter itself, in a process whose environment would turn LangChain's libraries to other places."""
    code = (
        "import sys\n"
        "sys.addaudithook(lambda event, a: print(event, *a[-2:]) if event in "
        "('socket.connect', 'socket.getaddrinfo', 'urllib.Request') else None)\n"
        "from rag.chat.settings import ChatSettings\n"
        "from rag.chat.client import open_chat_model\n"
        "from langchain_core.messages import HumanMessage\n"
        "answer = list(open_chat_model(ChatSettings()).stream([HumanMessage('Bonjour')]))\n"
        "from langsmith.utils import tracing_is_enabled\n"
        "print('tracing:', tracing_is_enabled())\n"
        "print(answer)\n"
    )
    with ScriptedModel(GOOD, form=form) as server:
        elsewhere = {
            **dict.fromkeys(("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2"), "true"),
            **dict.fromkeys(("LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2"), "true"),
            "LANGSMITH_API_KEY": "lsv2_x",
            "LANGSMITH_GATEWAY": "true",
            "OPENAI_BASE_URL": "https://elsewhere.example/v1",
            "OPENAI_PROXY": "http://elsewhere.example:3128",
            "MISTRAL_BASE_URL": "https://elsewhere.example/v1",
            "TIKTOKEN_CACHE_DIR": str(tmp_path),
        }
        chosen = {
            "CHAT_MODEL": {"openai": "openai:gpt-4o", "mistral": "mistralai:any"}[form],
            "CHAT_MODEL_BASE_URL": server.url,
        }
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", code],
            env=os.environ | elsewhere | chosen,
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )

    assert done.returncode == 0, done.stderr
    *connected, tracing, answer = done.stdout.splitlines()
    assert answer == "['Les régies ', 'emploient. [1]']"
    assert tracing == "tracing: False"
    assert connected
    assert [line for line in connected if "127.0.0.1" not in line] == []
    assert list(tmp_path.iterdir()) == []
