"""Reading a publication as a person does: a real browser, without a mouse, without eyes, without script, on a telephone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.test_ui_viewer import OWN, TWICE, address, made_site
from tests.viewed import Viewed
from ui import texts
from ui.typography import french

ANCHOR = "#citation"


@dataclass
class Reader:
    """A page, and what it asked for and complained about."""

    page: Page
    site: Viewed
    hosts: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.site.url}/{path}", wait_until="networkidle")
        return self.page


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewed]:
    with made_site(tmp_path_factory.mktemp("viewer")) as site:
        yield site


def reader_in(context: BrowserContext, site: Viewed) -> Reader:
    context.set_default_timeout(60_000)
    reader = Reader(context.new_page(), site)
    reader.page.on("request", lambda request: reader.hosts.add(request.url.split("/")[2]))
    reader.page.on("console", lambda message: reader.complaints.append(message.text))
    reader.page.on("pageerror", lambda error: reader.complaints.append(str(error)))
    return reader


@pytest.fixture
def reader(browser: Browser, site: Viewed) -> Iterator[Reader]:
    context = browser.new_context(locale="en-US", viewport={"width": 1280, "height": 900})
    yield reader_in(context, site)
    context.close()


def states(site: Viewed) -> dict[str, str]:
    """An address for each state of the page."""
    return {
        "picture": address(site, "contact", TWICE[0], TWICE[1]) + ANCHOR,
        "no mark": "source/contact?page=1",
        "no words": "source/vide?page=2",
        "moved": "source/vide?page=3&start=0&end=9&seal=9.aaaaaaaa",
        "text": address(site, "disparu", OWN["disparu"]) + ANCHOR,
        "web page": address(site, "web", "Elle détient 15 % du capital.", "Le lieu accueille onze entreprises")
        + ANCHOR,
        "not there": "source/nope",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_no_violation_in_any_state(browser: Browser, site: Viewed, scheme: str, width: int) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})  # type: ignore[arg-type]
    reader = reader_in(context, site)
    for state, path in states(site).items():
        page = reader.open(path)
        for details in page.locator("details:not([open]) > summary").all():
            details.click()
        results = Axe().run(page)
        assert results.violations_count == 0, f"{state}: {results.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, state
    context.close()


def test_the_address_leads_to_the_marked_words_of_the_picture_and_says_them(reader: Reader) -> None:
    page = reader.open(states(reader.site)["picture"])
    spot = page.locator(ANCHOR)
    expect(spot).to_be_focused()
    expect(spot).to_be_in_viewport()
    expect(spot).to_contain_text(TWICE[0])
    picture = page.get_by_role("img", name=french(texts.PICTURE_OF_PAGE.format(page=1)))
    assert picture.evaluate("image => image.complete && image.naturalWidth") == 1400
    paper = picture.bounding_box()
    mark = page.locator("rect.quoted").bounding_box()
    assert paper is not None
    assert mark is not None
    # The line stands on baseline 300 of 842 points, 60 points from the left.
    assert abs((mark["x"] - paper["x"]) / paper["width"] - 60 / 595) < 0.01
    assert abs((mark["y"] + mark["height"] - paper["y"]) / paper["height"] - 302 / 842) < 0.01
    assert reader.complaints == []
    assert reader.hosts == {reader.site.url.removeprefix("http://")}


def test_by_keyboard_alone_the_text_is_opened_and_the_other_quotation_reached(reader: Reader) -> None:
    page = reader.open(states(reader.site)["picture"])
    page.locator("details.text > summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#citation-texte")).to_be_visible()
    expect(page.locator("#citation-texte")).to_have_text(TWICE[0])
    page.locator(".others a").focus()
    page.keyboard.press("Enter")
    expect(page.locator(ANCHOR)).to_contain_text(TWICE[1])
    expect(page.locator(ANCHOR)).to_be_focused()
    expect(page.locator(".others a")).to_contain_text(TWICE[0])


def test_pages_are_turned_and_counted_in_headings_and_the_way_back_leads_to_the_chat(reader: Reader) -> None:
    page = reader.open("source/vide?page=1")
    page.get_by_role("link", name=french(f"{texts.NEXT_PAGE} (2)")).click()
    expect(page.get_by_role("heading", level=2, name="Page 2")).to_be_visible()
    page.get_by_role("link", name=french(f"{texts.NEXT_PAGE} (3)")).click()
    expect(page.get_by_role("heading", level=2, name="Page 3")).to_be_visible()
    expect(page.get_by_role("link", name=texts.NEXT_PAGE)).to_have_count(0)
    assert page.get_by_role("link", name=texts.ASK_ASSISTANT).get_attribute("href") == "../"
    levels = page.locator("h1, h2, h3, h4").evaluate_all("all => all.map(h => Number(h.tagName[1]))")
    assert levels[0] == 1
    assert levels.count(1) == 1
    for landmark in ("banner", "main", "contentinfo"):
        expect(page.get_by_role(landmark)).to_have_count(1)
    names = page.get_by_role("navigation").evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
    assert len({*names}) == len(names) == 2
    assert all(names)


def test_the_reference_is_copied_as_it_is_read(reader: Reader) -> None:
    page = reader.open(states(reader.site)["web page"])
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=reader.site.url)
    page.get_by_role("button", name=french(texts.COPY_REFERENCE)).click()
    expect(page.get_by_role("status")).to_have_text(texts.SCRIPT["copied"])
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#reference").text_content()
    assert copied.startswith(
        "RTES, Tiers-lieux, 4 février 2025. Disponible sur\u00a0: https://example.org/a?b=c#d (consulté le "
    )


def test_without_script_all_is_there_but_the_button(browser: Browser, site: Viewed) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = reader_in(context, site).open(states(site)["picture"])
    expect(page.locator("rect.quoted")).to_have_count(1)
    expect(page.get_by_role("button", name=texts.COPY_REFERENCE)).to_have_count(0)
    expect(page.locator("#reference")).to_be_visible()
    page.locator("details.text > summary").click()
    expect(page.locator("#citation-texte")).to_have_text(TWICE[0])
    page.locator(".others a").click()
    expect(page.locator(ANCHOR)).to_contain_text(TWICE[1])
    context.close()


def test_the_quotation_is_printed_with_its_page_and_its_reference(reader: Reader, tmp_path: Path) -> None:
    page = reader.open(states(reader.site)["picture"])
    page.emulate_media(media="print")
    for seen in ("div.quoted", "figure.page img", "rect.quoted", "#reference"):
        expect(page.locator(seen)).to_be_visible()
    for gone in ("nav", "footer", ".others", ".reference button", "details.text"):
        expect(page.locator(gone)).to_be_hidden()
    pdf = page.pdf(path=tmp_path / "x.pdf", format="A4")
    assert pdf.startswith(b"%PDF-")


def test_in_a_text_the_mark_takes_the_focus(reader: Reader) -> None:
    page = reader.open(states(reader.site)["web page"])
    expect(page.locator("mark").first).to_be_focused()
    expect(page.locator("mark").first).to_be_in_viewport()
    expect(page.locator("mark.also")).to_have_count(1)
    expect(page.get_by_role("link", name=texts.OPEN_AT_PASSAGE)).to_be_visible()
