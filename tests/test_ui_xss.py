"""What is typed, carried, set or published is text: sixty payloads, in a browser that does not heed our policy."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from ingest.build import build_index
from ingest.index.embedder import Embedder
from tests.payloads import PAYLOADS, RUN
from tests.served import Served
from ui import texts

CONTACT = "https://a.fr/%22%3E?x=%3Cscript%3E"
PLACES = ("Rennes", "Dijon", "Toulouse", "Brest", "Lille")
# What our pages are made of; whatever else stands in one was let in.
TAGS = (
    "a a blockquote body button cite dd details div dl dt fieldset footer form h1 h2 h3 h4 h5 head header html img input label "
    "legend li link main mark meta nav ol option p section select span summary textarea title ul br"
).split()
# A script may be a file of ours, with nothing in it besides.
STRANGE = r"""(allowed, isOurs = one => one.localName === "script" && !one.textContent &&
  /^(?:\.\.\/)?ui\/\w+\.js$/.test(one.getAttribute("src"))) => [...document.querySelectorAll("*")].flatMap(element => [
  ...(allowed.includes(element.localName) || isOurs(element) ? [] : [element.outerHTML]),
  ...[...element.attributes].filter(({name, value}) =>
    name.startsWith("on") || name === "autofocus" ||
    ["href", "src", "action"].includes(name) && /^\s*(javascript|data):/i.test(value)
  ).map(({name}) => name + " of " + element.outerHTML),
])"""


def test_there_are_sixty_and_each_runs_something() -> None:
    assert len({*PAYLOADS}) == 60
    assert all(RUN in payload for payload in PAYLOADS)


@dataclass
class Hostile:
    """A page, and what ran in it that is none of ours."""

    page: Page
    ran: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.page.on("dialog", self._note)

    def _note(self, dialog: Dialog) -> None:
        self.ran.append(dialog.message)
        dialog.dismiss()

    def check(self, where: str) -> None:
        assert self.page.evaluate("window.pwned") is None, where
        assert self.ran == [], where
        assert self.page.evaluate(STRANGE, TAGS) == [], where


@pytest.fixture(scope="module")
def hostile_served(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Served]:
    """The chat over publications, and with settings, that hold the payloads."""
    folder = tmp_path_factory.mktemp("hostile")
    corpus = folder / "corpus"
    corpus.mkdir()
    lines = []
    for number, place in enumerate(PLACES):
        bad = PAYLOADS[number * 12 : number * 12 + 12]
        text = "\n\n".join(
            f"À {place}, le tiers-lieu accueille l'urbanisme transitoire numéro {n} {payload} avec les habitants du quartier."
            for n, payload in enumerate(bad)
        )
        (corpus / f"p{number}.txt").write_text(text, encoding="utf-8")
        row = {
            "id": f"p{number}",
            "title": f"Tiers-lieux de {place} {bad[0]}",
            "publisher": f"RTES {bad[1]}",
            "file": f"p{number}.txt",
            "url": f"https://a.fr/{number}?x={bad[2]}".replace(" ", "%20").replace("\n", ""),
            "themes": [bad[3], bad[4]],
            "language": "fr",
        }
        lines.append(json.dumps(row))
    (corpus / "catalogue.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    build_index(corpus, folder / "index", embedder)
    settings = folder / "site.toml"
    settings.write_text(
        "\n".join(
            [
                *(
                    f"{key} = {json.dumps(PAYLOADS[n])}"
                    for n, key in ((0, "name"), (11, "networks"), (4, "description"), (16, "knows"))
                ),
                f"examples = {json.dumps([PAYLOADS[16], PAYLOADS[11]])}",
                "[contacts]",
                f'errors = "{CONTACT}"',
                "[legal]",
                f"responsible = {json.dumps(PAYLOADS[12])}",
                f"host = {json.dumps(PAYLOADS[17])}",
            ]
        ),
        encoding="utf-8",
    )
    chat = Served(folder / "index", corpus, folder / "log", UI_SITE=str(settings))
    try:
        chat.wait(lambda reply: reply.status == 200)
        yield chat
    finally:
        chat.stop()


@pytest.fixture
def hostile(browser: Browser) -> Iterator[Hostile]:
    """Our policy would stop what escaping has let through: here it does not."""
    context = browser.new_context(bypass_csp=True)
    hostile = Hostile(context.new_page())
    hostile.watch()
    yield hostile
    context.close()


def test_what_was_let_in_would_be_seen(hostile: Hostile, hostile_served: Served) -> None:
    hostile.page.goto(f"{hostile_served.url}/q")
    hostile.page.evaluate("html => { document.body.insertAdjacentHTML('beforeend', html) }", PAYLOADS[16])
    hostile.page.wait_for_function("window.pwned === 1")
    with pytest.raises(AssertionError):
        hostile.check("planted")


def test_nothing_that_is_typed_or_carried_along_runs(hostile: Hostile, hostile_served: Served) -> None:
    page = hostile.page
    page.goto(f"{hostile_served.url}/q")
    for number, payload in enumerate(PAYLOADS):
        carried = json.dumps(
            [{"question": payload, "text": payload, "filters": {"territory": payload, "themes": [payload]}}]
        )
        filled = {"from": payload} if number % 4 == 1 else {"territory": payload}
        page.evaluate(
            """([question, carried, filled, payload]) => {
                const form = document.getElementById("poser");
                form.elements.conversation.value = carried;
                form.elements.question.value = question;
                for (const [name, value] of Object.entries(filled)) form.elements[name].value = value;
                form.elements.publisher.add(new Option(payload, payload, true, true));
                for (const box of form.querySelectorAll("[name=theme]")) { box.value = payload; box.checked = true; break; }
            }""",
            [f"{payload} à Rennes ?", carried, filled, payload],
        )
        with page.expect_navigation():
            page.locator("#poser button").click()
        assert escape(f"{payload} à Rennes ?".split("\n")[0])[:20] in page.content() or page.locator(".problem").count()
        hostile.check(payload)


def test_nothing_that_is_shared_runs(hostile: Hostile, hostile_served: Served) -> None:
    for payload in PAYLOADS[::3]:
        query = urlencode(
            {"partage": "1", "question": payload, "territory": payload, "theme": payload, payload: payload}
        )
        hostile.page.goto(f"{hostile_served.url}/q?{query}")
        hostile.check(payload)
        hostile.page.goto(
            f"{hostile_served.url}/publications?{urlencode({'reseau': payload, 'theme': payload, 'page': payload})}"
        )
        hostile.check(payload)


@pytest.mark.parametrize("place", PLACES)
def test_nothing_of_a_publication_or_of_the_settings_runs(hostile: Hostile, hostile_served: Served, place: str) -> None:
    page = hostile.page
    page.goto(f"{hostile_served.url}/q")
    page.get_by_label("Votre question").fill(f"Quel urbanisme transitoire au tiers-lieu de {place} ?")
    with page.expect_navigation():
        page.locator("#poser button").click()
    assert "tiers-lieu accueille" in page.locator(".answer").inner_text()
    hostile.check(place)
    assert page.locator(".answer").get_by_text("window.pwned").count()
    for link in page.locator(".ways a[href^=source]").evaluate_all("all => [...new Set(all.map(a => a.href))]"):
        page.goto(link)
        assert "tiers-lieu accueille" in page.locator("main").inner_text()
        hostile.check(link)


def test_no_list_and_no_legal_notice_runs(hostile: Hostile, hostile_served: Served) -> None:
    for path in ("/publications", "/a-propos"):
        hostile.page.goto(f"{hostile_served.url}{path}")
        assert RUN in hostile.page.locator("main").inner_text()
        hostile.check(path)


def test_nothing_runs_in_the_chat_either(hostile: Hostile, hostile_served: Served) -> None:
    page = hostile.page
    page.goto(hostile_served.url)
    expect(page.locator("button.example").first).to_have_text(PAYLOADS[16])
    box = page.get_by_label("Votre question")
    asked = (
        f"Quel urbanisme transitoire au tiers-lieu de {PLACES[0]} ?",
        f"Et {PAYLOADS[16]} ?",
        f"Et {PAYLOADS[0]} ?",
    )
    for count, question in enumerate(asked, start=1):
        box.fill(question)
        box.press("Enter")
        expect(page.locator(".answer")).to_have_count(count, timeout=60_000)
    expect(page.locator(".rest").first).to_contain_text(RUN)
    expect(page.get_by_role("link", name=texts.REPORT).first).to_have_attribute("href", CONTACT)
    assert page.evaluate("window.pwned") is None
    assert hostile.ran == []


def test_an_export_holds_the_payloads_as_text(hostile_served: Served) -> None:
    asked = [{"question": f"Quel urbanisme transitoire au tiers-lieu de {place} ? {PAYLOADS[0]}"} for place in PLACES]
    body = {"conversation": json.dumps(asked), "format": "md"}
    text = hostile_served.post("/export", body).text
    assert RUN in re.sub(r"\\(.)", r"\1", text)
    assert not re.search(r"(?<!\\)<", text)
    odt = hostile_served.post("/export", body | {"format": "odt"})
    assert odt.body.startswith(b"PK")


def test_the_style_sheet_and_the_log_hold_nothing_of_the_settings(hostile_served: Served) -> None:
    assert "script" not in hostile_served.fetch("/colours.css").text
    assert hostile_served.fetch("/logo").status == 404
    assert "pwned" not in Path(hostile_served.log).read_text()
