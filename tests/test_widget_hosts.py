"""On pages that are hard on what they hold, the widget looks and works as on an empty one, by keyboard alone."""

from __future__ import annotations

from importlib.metadata import files
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import Watched, context_of
from tests.hosts import Hosted, ask, chat_in, is_open, launcher, opened
from ui import texts

RESET = """
* { all: unset !important; display: block !important; font: 40px/3 fantasy !important; color: lime !important;
    letter-spacing: 9px !important; text-transform: uppercase !important; box-sizing: content-box !important; }
assistant-widget, body > * { display: none !important; transform: rotate(9deg) !important; width: 9px !important;
    opacity: .1 !important; position: static !important; z-index: -1 !important; pointer-events: none !important; }
html { font-size: 31px !important; zoom: 1; }
body { transform: translateZ(0) !important; display: block !important; opacity: 1 !important; pointer-events: auto !important; }
iframe, dialog, button, [popover] { display: none !important; border: 40px solid red !important; filter: blur(9px) !important; }
::backdrop { background: red !important; }
"""
COVER = '<div style="position:fixed;inset:0;z-index:2147483647;background:#fed"></div>'
STRICT = (
    "default-src 'none'; script-src {assistant} 'self'; frame-src {assistant}; style-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
# What pages of 2012 did to everyone on them: old jQuery, its plugins, and a library that extends what is built in.
OF_2012 = """
var $j = jQuery.noConflict();
Array.prototype.each = function (f) { for (var i = 0; i < this.length; i++) f(this[i]); };
Array.prototype.last = function () { return this[this.length - 1]; };
Object.prototype.extended = function () {};
String.prototype.trim = function () { return this.replace(/^ +| +$/g, ''); };
Function.prototype.bind = function (to) { var f = this; return function () { return f.apply(to, arguments); }; };
Element.prototype.remove = function () { this.parentNode.removeChild(this); };
window.JSON = { stringify: function () { throw 1; }, parse: function () { throw 1; } };
$j(document).ready(function () {
  $j('button').click(function () { return false; });
  $j(document).keydown(function (e) { if (e.which === 27 || e.which === 13) return false; });
  $j('body').delegate('*', 'click', function (e) { e.stopImmediatePropagation(); });
  $j('body').append('<p id="old">jQuery ' + $j.fn.jquery + '</p>');
});
"""


def jquery() -> str:
    """jQuery 1.8.3, of November 2012."""
    found = next(file for file in files("django-jquery") or () if file.name == "jquery.js")
    return Path(found.locate()).read_text(encoding="utf-8")


def page_of(kind: str, hosted: Hosted) -> str:
    """The address of a page of that kind, with the widget."""
    site, path = hosted.site, f"/{kind}"
    if kind == "reset":
        return hosted.page(path, head=f"<style>{RESET}</style>", body=COVER)
    if kind == "csp":
        url = hosted.page(path)
        site.pages[path] = site.pages[path][0], {"Content-Security-Policy": STRICT.format(assistant=hosted.assistant)}
        return url
    if kind == "x-frame-options":
        url = hosted.page(path)
        closed = {
            "X-Frame-Options": "DENY",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Referrer-Policy": "no-referrer",
        }
        site.pages[path] = site.pages[path][0], closed
        return url
    if kind == "2012":
        site.put("/jquery.js", jquery(), Content_Type="text/javascript")
        site.put("/old.js", OF_2012, Content_Type="text/javascript")
        return hosted.page(path, head='<script src="/jquery.js"></script><script src="/old.js"></script>')
    style = "html { direction: rtl; writing-mode: vertical-rl; } body { text-align: right; word-spacing: 2em; }"
    url = hosted.page(path, head=f"<style>{style}</style>")
    site.pages[path] = site.pages[path][0].replace('lang="fr"', 'lang="ar" dir="rtl"'), {}
    return url


def looks(page: Page) -> dict[str, object]:
    """Where the button is and how it is drawn; and the panel once it is open."""
    found = page.evaluate(
        """() => {
          const of = name => document.querySelector('assistant-widget').shadowRoot.querySelector(name);
          const seen = (element, names) => Object.fromEntries(names.map(name => [name, getComputedStyle(element)[name]]));
          const box = of('.launcher').getBoundingClientRect(), head = of('.head').getBoundingClientRect();
          const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
          return { width: box.width, height: box.height, bottom: innerHeight - box.bottom,
            side: document.documentElement.clientWidth - box.right, head: [head.width, head.height],
            onTop: box.width ? at.localName : '',
            button: seen(of('.launcher'), ['color', 'backgroundColor', 'fontSize', 'letterSpacing', 'direction']),
            label: seen(of('.launcher span'), ['fontFamily', 'lineHeight', 'textTransform', 'wordSpacing', 'writingMode']),
            host: seen(document.querySelector('assistant-widget'), ['opacity', 'transform', 'filter', 'zIndex']) };
        }"""
    )
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("kind", ["reset", "csp", "x-frame-options", "2012", "rtl"])
def test_it_is_drawn_as_on_an_empty_page_and_answers_by_keyboard_alone(
    browser: Browser, hosted: Hosted, kind: str
) -> None:
    context = context_of(browser)
    plain = context.new_page()
    plain.goto(hosted.page("/plain"))
    expect(launcher(plain)).to_be_visible()
    watched = Watched(context.new_page())
    page = watched.page
    page.goto(page_of(kind, hosted))
    expect(page.locator("assistant-widget .launcher")).to_be_visible()
    if kind == "2012":
        expect(page.locator("#old")).to_have_text("jQuery 1.8.3")

    assert looks(page) == looks(plain)

    page.locator("assistant-widget .launcher").focus()
    page.keyboard.press("Enter")
    chat = chat_in(page)
    box = chat.get_by_label(texts.QUESTION_LABEL)
    expect(box).to_be_focused()
    page.keyboard.type(texts.EXAMPLES[0])
    page.keyboard.press("Enter")
    expect(chat.locator("#chat .rest")).to_be_visible()
    expect(chat.locator(".answer a.cite").first).to_be_visible()
    for _ in range(60):  # back from the question to the first number
        if chat.locator("a.cite:focus").count():
            break
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(chat.get_by_role("complementary").locator("blockquote")).to_be_visible()
    page.keyboard.press("Escape")
    expect(chat.get_by_role("complementary")).to_be_hidden()
    assert is_open(page)
    page.keyboard.press("Escape")
    expect(page.locator("assistant-widget dialog")).to_be_hidden()
    expect(page.locator("assistant-widget .launcher")).to_be_focused()
    assert watched.hosts == {hosted.assistant.removeprefix("http://"), hosted.site.origin.removeprefix("http://")}
    assert watched.complaints == []
    context.close()


def test_nothing_of_its_own_reaches_the_page(browser: Browser, hosted: Hosted) -> None:
    """Styles, names and events of the page are what they were."""
    context = context_of(browser)
    page = context.new_page()
    url = hosted.page("/untouched", body="<button id='b'>Un bouton</button><dialog open>Un dialogue</dialog>")
    state = """() => [Object.keys(window).sort().join(), document.styleSheets.length, document.adoptedStyleSheets.length,
      ...[...document.querySelectorAll('body, h1, p, #b, body > dialog')].map(one => JSON.stringify([
        one.localName === 'body' ? one.className : one.outerHTML, ...Object.values(one.getBoundingClientRect().toJSON()),
        getComputedStyle(one).color, getComputedStyle(one).font]))]"""
    page.route("**/widget.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(url)
    without = page.evaluate(state)
    page.unroute("**/widget.js")
    page.goto(url)
    expect(launcher(page)).to_be_visible()

    assert page.evaluate(state) == without
    ask(opened(page), texts.EXAMPLES[0])
    assert page.evaluate(state) == without
    context.close()
