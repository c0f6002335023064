"""The page and the Markdown of a release report: what they say, that they are whole in themselves, and who can read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import matplotlib
import pytest
from lxml import html  # type: ignore[import-untyped]  # comes without types
from playwright.sync_api import Browser, sync_playwright

from evals.comparison import compare
from evals.release_report.contents import Contents
from evals.release_report.notes import as_notes, escaped
from evals.release_report.page import as_page
from evals.release_report.plots import latency_plot
from evals.report import LABELS
from evals.runs import load_run
from tests.browsing import ARGUMENTS, CHROMIUM
from tests.reported import EARLIER, PASSAGE, Project, contents, judged, questions

MARKUP = "<script>alert('x')</script> & <b>gras</b> | `code` {{ 7 * 7 }} [lien](https://example.org) ?"
GONE = ["q000", "q001", "q900", "q902"]
BEFORE = [f"q{number:03}" for number in range(12)]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    first, *others = questions()
    return Project(tmp_path_factory.mktemp("report"), [replace(first, question=MARKUP), *others])


@pytest.fixture(scope="module")
def alone(project: Project) -> Contents:
    """Of a run without another one."""
    return contents(project.again(project.keep("alone", judged(project.asked, GONE))))


@pytest.fixture(scope="module")
def compared(project: Project) -> Contents:
    """Of a run that is better than the one before it."""
    before = project.keep("1.0", judged(project.asked, BEFORE, milliseconds=90.0), EARLIER)
    return contents(project.again(project.keep("1.1", judged(project.asked, GONE))), before)


@pytest.fixture(scope="module")
def page(compared: Contents) -> str:
    return as_page(compared)


@pytest.fixture(scope="module")
def tree(page: str) -> html.HtmlElement:
    return html.document_fromstring(page)


def cells(tree: html.HtmlElement, caption: str, row: str) -> list[str]:
    """The cells of a row, by the caption of its table and its head."""
    table = next(one for one in tree.iter("table") if caption in one.find("caption").text_content())
    found = next(one for one in table.iter("tr") if one.find("th").text_content().strip() == row)
    return [" ".join(cell.text_content().split()) for cell in found.iter("td")]


def test_the_page_asks_nothing_of_anyone_and_has_no_script(tree: html.HtmlElement, page: str) -> None:
    assert not [one.tag for one in tree.iter("script", "link", "iframe", "img", "object", "embed", "base", "form")]
    linked = [value for one in tree.iter() for name, value in one.items() if name.endswith(("src", "href", "action"))]
    ids = {one.get("id") for one in tree.iter() if one.get("id")}
    assert linked
    assert {link[:1] for link in linked} == {"#"}
    assert {link[1:] for link in linked} <= ids
    style = tree.find(".//style").text_content() + " ".join(one.get("style", "") for one in tree.iter())
    assert "@import" not in style
    assert "@font-face" not in style
    addressed = set(re.findall(r"url\(([^)]*)\)", page))
    assert all(address.startswith("#") and address[1:] in ids for address in addressed)
    assert set(re.findall(r"""(?<=["'])https?://[^"']*""", page)) == {"http://www.w3.org/2000/svg"}


def test_the_same_run_gives_the_same_bytes_whatever_the_settings_of_plots_are(compared: Contents, page: str) -> None:
    with matplotlib.rc_context({"axes.labelsize": 20, "svg.hashsalt": "another", "svg.fonttype": "none"}):
        assert as_page(compared) == page
    assert as_notes(compared) == as_notes(compared)


def test_no_date_and_no_program_is_in_the_drawings(page: str) -> None:
    assert not re.search(r"(?i)matplotlib|<metadata|dc:date", page)


def test_markup_in_a_question_is_shown_and_not_obeyed(tree: html.HtmlElement, page: str, compared: Contents) -> None:
    shown = [one.text_content() for one in tree.find_class("question")]
    assert MARKUP in shown
    assert "<script" not in page
    assert "<b>gras" not in page
    line = next(line for line in as_notes(compared).splitlines() if "q000" in line)
    assert line.endswith(
        r"\<script\>alert('x')\</script\> \& \<b\>gras\</b\> \| \`code\` \{\{ 7 \* 7 \}\} \[lien\](https://example.org) ?"
    )


def test_markup_in_answers_passages_and_names_is_shown_and_not_obeyed(project: Project, tmp_path: Path) -> None:
    entries = judged(project.asked, GONE)
    said = replace(entries[0].outcome.answer, text="« <i>oui</i> » & [1]")
    entries[0] = replace(entries[0], outcome=replace(entries[0].outcome, answer=said))
    folder = project.keep("marked", entries).rename(tmp_path / "<u>1.1")
    passage = replace(PASSAGE, text="<em>Un passage</em>")
    tree = html.document_fromstring(as_page(contents(project.again(folder, {PASSAGE.id: passage}))))
    assert not [one.tag for one in tree.iter("i", "em", "u")]
    told = " ".join(tree.text_content().split())
    assert "« <i>oui</i> » & [1]" in told
    assert "<em>Un passage</em>" in told
    assert "Release report: <u>1.1" in told


def test_measures_are_those_of_the_summary_with_their_intervals(tree: html.HtmlElement, project: Project) -> None:
    summary = project.again(project.runs / "1.1").summary
    groups = {name: group.figures.to_json() for name, group in summary.groups.items()}
    shown = 0
    for name, label in LABELS.items():
        if groups["all"][name] is None or label.startswith("..."):
            continue
        row = cells(tree, "Measures over all questions", label)
        interval = summary.groups["all"].intervals.get(name)
        bounds = f" {interval.low:.3f} to {interval.high:.3f}" if interval else ""
        assert row[:3] == [
            f"{groups['all'][name]:.3f}{bounds}",
            *("–" if groups[half][name] is None else f"{groups[half][name]:.3f}" for half in ("dev", "test")),
        ]
        shown += 1
    assert shown >= 12


def test_differences_are_those_that_compare_gives(tree: html.HtmlElement, project: Project) -> None:
    found = compare(load_run(project.runs / "1.0"), load_run(project.runs / "1.1"))
    evidence = found.differences["evidence_in_answer"]
    assert (evidence.before, evidence.after) == (0.4, 0.9)
    low, high = f"{evidence.interval.low:+.3f}", f"{evidence.interval.high:+.3f}"
    row = cells(tree, "Measures over all questions", LABELS["evidence_in_answer"])
    assert row[3:] == ["0.400", f"+0.500 {low} to {high}", f"{evidence.p_value:.3f}", "better"]
    row = cells(tree, "Measures over all questions", "hostile questions not answered")
    assert row[3] == "1.000"
    assert row[4].startswith("−0.250 −")
    assert row[6] == "no clear change"
    assert "better (" in tree.find_class("lead")[0].text_content()


def test_each_kind_has_its_figures_its_change_and_how_its_questions_ended(tree: html.HtmlElement) -> None:
    row = cells(tree, "Questions that the publications answer", "fact")
    assert (row[0], row[1][:5], row[4], row[5][:6], row[-1]) == ("10", "0.800", "0.000", "+0.800", "answered 10")
    row = cells(tree, "Questions that the publications answer", "how to")
    assert (row[0], row[1], row[4], row[5][:6]) == ("10", "1.000 1.000 to 1.000", "0.800", "+0.200")
    row = cells(tree, "Questions that they do not answer", "hostile")
    assert (row[0], row[1][:5], row[-1]) == ("4", "0.750", "no answer 3, answered 1")


def test_without_another_run_that_is_said_and_nothing_is_compared(alone: Contents) -> None:
    tree = html.document_fromstring(as_page(alone))
    assert "No earlier run is known, so nothing is compared." in tree.find_class("lead")[0].text_content()
    heads = [one.text_content() for one in tree.iter("th")]
    assert not {"Last run", "p", "Verdict"} & set(heads)
    assert "| change |" not in as_notes(alone)


def test_questions_that_only_one_run_was_asked_are_said_to_be_left_out(project: Project, tmp_path: Path) -> None:
    fewer = Project(tmp_path, project.asked[2:])
    before = fewer.keep("0.9", judged(fewer.asked, BEFORE), EARLIER)
    told = as_page(contents(project.again(project.keep("grown", judged(project.asked, GONE))), before))
    assert "Differences are over the 26 questions that both runs were asked in the same words." in told
    assert "Left out: 0 that only 0.9 was asked, 2 that only this run was asked" in told


def test_the_run_is_named_with_its_hashes_and_what_it_was_made_with(tree: html.HtmlElement, project: Project) -> None:
    facts = "The run and the one it is compared with"
    environment = load_run(project.runs / "1.1").environment
    assert cells(tree, facts, "Version") == ["1.1", "1.0"]
    assert cells(tree, facts, "Question set, SHA-256") == [environment["questions"]["sha256"], "the same"]
    assert "numpy 2.4" in cells(tree, facts, "Packages")[0]
    assert "ir-measures 0.4" in cells(tree, facts, "Packages")[0]
    assert cells(tree, facts, "Index")[0] == "2.5 MB, built in 12.5 s"
    assert cells(tree, facts, "Embedder")[0] == "not known"


def test_plots_tell_their_numbers_to_who_does_not_see_them(tree: html.HtmlElement, compared: Contents) -> None:
    reliability, latency = tree.iter("svg")
    assert {one.get("role") for one in (reliability, latency)} == {"img"}
    for one in compared.calibration.curve:
        told = f"{one.mean_probability:.2f} and {one.share_answerable:.2f} ({one.n} questions)"
        assert told in reliability.get("aria-label")
    assert "Median 170 ms, 95th percentile 300 ms, longest 310 ms" in latency.get("aria-label")
    assert "Last run: Median 220 ms" in latency.get("aria-label")
    assert "AUROC" in tree.find(".//figcaption").text_content()
    assert cells(tree, "Time of a question", "1.0") == ["220", "350", "360"]


def test_a_bar_of_the_histogram_counts_its_questions(compared: Contents) -> None:
    told = latency_plot(replace(compared.latency, milliseconds=(0.2, 3.0, 39.9, 40.0, 75.0)), None).alternative
    assert told.endswith("Questions by time: 0 to 5 ms: 2, 35 to 40 ms: 1, 40 to 45 ms: 1, 75 to 80 ms: 1.")


def test_the_page_is_built_for_who_listens_to_it(tree: html.HtmlElement) -> None:
    assert tree.get("lang") == "en"
    levels = [int(one.tag[1]) for one in tree.iter("h1", "h2", "h3", "h4")]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for table in tree.iter("table"):
        assert table.find("caption").text_content().strip()
        assert all(one.get("scope") in {"col", "row"} for one in table.iter("th"))
    identities = [one.get("id") for one in tree.iter() if one.get("id")]
    assert len(identities) == len(set(identities))
    assert all(one.get("aria-labelledby") in identities for one in tree.find_class("scroll"))
    assert all(one.get("tabindex") == "0" for one in tree.find_class("scroll"))
    assert {one.get("lang") for one in tree.find_class("question")} == {"fr"}
    assert {one.get("lang") for one in tree.iter("q")} == {"fr"}


def test_a_worst_question_shows_what_was_expected_what_was_said_and_what_was_found(tree: html.HtmlElement) -> None:
    (article,) = [one for one in tree.iter("article") if "q001" in one.find("h3").text_content()]
    told = " ".join(article.text_content().split())
    assert "answered without its evidence" in told
    assert "An answer that quotes its evidence. Le jardin p, p. 1; grade 2; not quoted" in told
    assert "« de Dijon » [1]" in told
    assert "[1] p, p. 1; not on evidence" in told
    assert [one.get("value") for one in article.iter("li") if one.get("value")] == ["1", "2", "3"]
    assert f"{PASSAGE.text} p, p. 3 Evidence, grade 2: Its text is not at hand. p" in told
    (trap,) = [one for one in tree.iter("article") if "q902" in one.find("h3").text_content()]
    told = " ".join(trap.text_content().split())
    assert "No answer, but status no_answer: the publications do not answer it." in told


def test_the_worst_stand_in_their_order_on_both(tree: html.HtmlElement, compared: Contents) -> None:
    wanted = [one.entry.outcome.question.id for one in compared.worst]
    assert sorted(wanted) == GONE
    assert wanted[0] == "q900"
    assert [one.find("h3").text_content().split()[1].rstrip(":") for one in tree.iter("article")] == wanted
    lines = [line for line in as_notes(compared).splitlines() if re.match(r"\d+\. ", line)]
    assert [line.split()[1] for line in lines] == wanted


def test_markdown_has_the_figures_of_the_page_in_tables_that_hold(compared: Contents, tree: html.HtmlElement) -> None:
    notes = as_notes(compared)
    for table in re.findall(r"(?:^\|.*\|\n)+", notes, flags=re.M):
        widths = {len(re.split(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(widths) == 1
    label = LABELS["evidence_in_answer"]
    value, dev, test, before, change, p, verdict = cells(tree, "Measures over all questions", label)
    row = next(line for line in notes.splitlines() if line.startswith(f"| {label} |"))
    number, interval = value.split(" ", 1)
    gained, gained_interval = change.split(" ", 1)
    assert [cell.strip() for cell in row.split("|")[2:-1]] == [
        number, interval, dev, test, before, gained, gained_interval, p, verdict,
    ]  # fmt: skip


def test_nothing_that_went_wrong_is_said_so(project: Project) -> None:
    found = contents(project.again(project.keep("perfect", judged(project.asked))))
    assert "Nothing went wrong." in as_page(found)
    assert as_notes(found).endswith("Nothing went wrong.\n")


@pytest.mark.parametrize(("text", "shown"), [("a|b", r"a\|b"), ("*é*\n#1", r"\*é\* \#1"), ("1 < 2", r"1 \< 2")])
def test_markdown_is_escaped(text: str, shown: str) -> None:
    assert escaped(text) == shown


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_is_as_wide_as_its_window_and_asks_for_nothing(
    browser: Browser, page: str, tmp_path: Path, width: int
) -> None:
    file = tmp_path / "report.html"
    file.write_text(page, encoding="utf-8")
    asked: list[str] = []
    complaints: list[str] = []
    window = browser.new_page(viewport={"width": width, "height": 900})
    window.on("request", lambda request: asked.append(request.url))
    window.on("console", lambda message: complaints.append(message.text))
    window.goto(file.as_uri())
    assert window.evaluate("document.documentElement.scrollWidth") == width
    assert window.get_by_role("img").count() == 2
    assert window.get_by_role("region", name="Measures over all questions, against 1.0").count() == 1
    assert (asked, complaints) == ([file.as_uri()], [])
    window.close()
