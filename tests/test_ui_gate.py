"""So many at a time, so many waiting, in the order of arrival."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from ui.gate import Busy, Gate


def wait_until(holds: object) -> None:
    until = time.monotonic() + 30
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < until
        time.sleep(0.002)


def test_never_more_than_allowed_run_and_all_who_may_wait_get_their_turn() -> None:
    gate, lock = Gate(3, 50), threading.Lock()
    running, most, done = 0, 0, 0

    def work() -> None:
        nonlocal running, most, done
        with gate.turn():
            with lock:
                running += 1
                most = max(most, running)
            time.sleep(0.002)
            with lock:
                running -= 1
                done += 1

    with ThreadPoolExecutor(40) as pool:
        for future in [pool.submit(work) for _ in range(40)]:
            future.result()
    assert (most, done) == (3, 40)


def test_turns_come_in_the_order_of_arrival() -> None:
    gate, order = Gate(1, 10), list[int]()
    threads = []

    def work(number: int) -> None:
        with gate.turn():
            order.append(number)

    with gate.turn():
        for number in range(5):
            threads.append(threading.Thread(target=work, args=(number,)))
            threads[-1].start()
            wait_until(lambda: len(gate._queue) == len(threads))
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]


def test_one_more_than_may_wait_is_refused_at_once() -> None:
    gate = Gate(1, 0)
    with gate.turn(), pytest.raises(Busy), gate.turn():
        pass
    with gate.turn():
        pass


def test_who_has_waited_too_long_is_refused_and_leaves_no_gap() -> None:
    gate = Gate(1, 5, patience=0.01)
    with gate.turn(), pytest.raises(Busy), gate.turn():
        pass
    for _ in range(3):
        with gate.turn():
            pass


def test_what_goes_on_with_something_begun_is_not_refused() -> None:
    gate, done = Gate(1, 0, patience=0.01), threading.Event()

    def go_on() -> None:
        with gate.turn(begun=True):
            done.set()

    with gate.turn():
        thread = threading.Thread(target=go_on)
        thread.start()
        assert not done.wait(0.05)
    thread.join(30)
    assert done.is_set()


def test_a_turn_that_fails_is_given_back() -> None:
    gate = Gate(1, 0)
    for _ in range(3):
        with pytest.raises(KeyError), gate.turn():
            raise KeyError
