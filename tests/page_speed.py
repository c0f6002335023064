"""How fast the chat's page is, as a browser sees it: `python -m tests.page_speed [--url URL] [--times 5]`, on an idle machine.

Prints, in milliseconds, the median and the worst of: the page ready for a question, the first piece of an answer after sending,
the whole answer, and what to ask next. Each question is asked in a browser that has kept nothing. A command, not a test: a busy
machine is slow and not wrong. Exit status 0.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from statistics import median

from playwright.sync_api import Browser

from tests.browsing import Watched, chromium, context_of
from tests.pictures import served
from ui import texts

# What is noted is when the browser has drawn it, by its own clock.
_WATCH = """() => {
    const parts = { first: ".answer-text", whole: ".rest", next: "#after button" };
    window.noted = {};
    new MutationObserver(() => {
        for (const [name, selector] of Object.entries(parts)) {
            if (!(name in noted) && document.querySelector(selector)) noted[name] = performance.now() - sent;
        }
    }).observe(document.body, { childList: true, subtree: true });
    document.getElementById("send").addEventListener("click", () => (window.sent = performance.now()), true);
}"""
_READY = """() => {
    new MutationObserver((_, observer) => {
        if (!document.querySelector("#question textarea")) return;
        window.ready = performance.now();
        observer.disconnect();
    }).observe(document, { childList: true, subtree: true });
}"""
_QUESTIONS = (*texts.EXAMPLES, "Comment associer les habitants ?", "Quel rôle pour la commande publique ?")


def measure(browser: Browser, url: str, question: str) -> dict[str, float]:
    """One question in a new browser."""
    context = context_of(browser)
    watched = Watched(context.new_page())
    watched.page.add_init_script(f"({_READY})()")
    watched.open(url)
    watched.page.evaluate(_WATCH)
    watched.page.get_by_label(texts.QUESTION_LABEL).fill(question)
    watched.page.locator("#send").click()
    watched.page.wait_for_function("() => 'next' in noted")
    times: dict[str, float] = watched.page.evaluate("({ ready, ...noted })")
    context.close()
    return times


def main(argv: Sequence[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.page_speed", description="Measure the chat's page.")
    parser.add_argument("--url", help="a chat that is served already (default: one of our own)")
    parser.add_argument("--times", type=int, default=5, help="questions asked (default: 5)")
    arguments = parser.parse_args(argv)
    with served(arguments.url, fixtures=False) as url, chromium() as browser:
        measure(browser, url, texts.EXAMPLES[0])  # what is opened at first use is opened now
        runs = [measure(browser, url, _QUESTIONS[turn % len(_QUESTIONS)]) for turn in range(arguments.times)]
    for name in ("ready", "first", "whole", "next"):
        times = [run[name] for run in runs]
        print(f"{name}: median {median(times):.0f} ms, worst {max(times):.0f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
