"""Kept runs: a Run -> `evals/runs/<version>/`, and back to figures that are made anew from its files.

    run.trec          the rankings, one line a question and rank (query Q0 passage rank score tag)
    answers.jsonl     what was answered and what it was judged by, one line a question (`evals.kept_lines`)
    follow_ups.jsonl  what was understood by each follow-up
    figures.json      figures, intervals, calibration (`evals.summary`)
    environment.json  when it was made, python, packages, machine, commit, hashes and models
    timings.json      latency, time and size of the index

The first four are the same bytes for the same inputs. A folder is written whole or not at all. Refused (RunError): a version
that is no name, or is kept already and not to be replaced; files that are missing or damaged, questions that the set does not
have or has otherwise, or that are not all there.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.follow_ups import FollowUp, resolved
from evals.kept_lines import Line, RunError, line_of, read_line
from evals.measures import Judged, judge_found
from evals.questions import Question
from evals.quotations import found_again, quotes_of
from evals.runner import Run
from evals.summary import Summary, summary_of

RUNS = Path(__file__).with_name("runs")
# The tag of every TREC run: the folder says which version it is, and a tag of its own would make equal runs differ.
TAG = "project"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
# The same bytes for the same inputs.
_SAME = ("run.trec", "answers.jsonl", "follow_ups.jsonl", "figures.json")
_JSON = ("figures.json", "environment.json", "timings.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRun:
    """A kept run as its files have it, checked for form only. The first four are by id; `resolved` is as it was judged."""

    folder: Path
    rankings: Mapping[str, tuple[str, ...]]
    lines: Mapping[str, Mapping[str, Any]]
    understood: Mapping[str, str]
    resolved: Mapping[str, bool]
    figures: Mapping[str, Any]
    environment: Mapping[str, Any]
    timings: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The version that it was kept under."""
        return self.folder.name


def check_name(version: str, *, home: Path = RUNS, replace: bool = False) -> Path:
    """The folder of a run to keep. Raises RunError, so that a run is not made in vain."""
    if not _NAME.fullmatch(version):
        raise RunError(f"--keep {version!r}: expected letters, digits, '.', '_' and '-', such as 1.4.0")
    folder = home / version
    if folder.exists() and not replace:
        raise RunError(f"{folder}: is kept already (take another name, or add --replace)")
    return folder


def keep(run: Run, environment: Mapping[str, Any], version: str, *, home: Path = RUNS, replace: bool = False) -> Path:
    """Write the run's folder. Raises RunError (see `check_name`), OSError."""
    folder = check_name(version, home=home, replace=replace)
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".keep-", dir=home) as temporary:
        fresh = Path(temporary) / "new"
        fresh.mkdir()
        for name, text in _files(run, environment).items():
            (fresh / name).write_text(text, encoding="utf-8", newline="\n")
        if folder.exists():
            folder.rename(Path(temporary) / "old")
        fresh.rename(folder)
    return folder


def is_kept(run: Run, version: str, *, home: Path = RUNS) -> bool:
    """Whether this very run is kept under that version, whatever it took and where it was made. Raises OSError."""
    files, folder = _files(run, {}), home / version
    return all(
        (folder / name).is_file() and (folder / name).read_bytes() == files[name].encode("utf-8") for name in _SAME
    )


def load_run(path: Path | str, *, home: Path = RUNS) -> KeptRun:
    """A kept run by its folder, or by its version in `home`. Raises RunError that names file, line and fault."""
    folder = _folder(path, home)
    follow_ups = _by_id(folder / "follow_ups.jsonl")
    values = {name: _object(folder / name) for name in _JSON}
    return KeptRun(
        folder=folder,
        rankings=_rankings(folder / "run.trec"),
        lines=_by_id(folder / "answers.jsonl"),
        understood={name: str(row.get("understood")) for name, row in follow_ups.items()},
        resolved={name: row.get("resolved") is True for name, row in follow_ups.items()},
        figures=values["figures.json"],
        environment=values["environment.json"],
        timings=values["timings.json"],
    )


def judged_again(run: KeptRun, questions: Sequence[Question], texts: Mapping[str, str] | None = None) -> list[Judged]:
    """The run's answers, judged anew, in the order of `questions`, which must be those of the run.

    With `texts`, the repaired texts by publication, quotations are looked for again too. Raises RunError.
    """
    known = [question.id for question in questions]
    strange = sorted(run.lines.keys() - set(known)) + sorted(run.rankings.keys() - set(known))
    missing = [name for name in known if name not in run.lines]
    if strange or missing:
        raise RunError(
            f"{run.folder}: not the question set that it was made of: lacks {missing[:5]}, has besides {strange[:5]}"
        )
    lines = [_line(run, question) for question in questions]
    found = [
        line.found if texts is None else sum(found_again(quote, texts) for quote in quotes_of(line.outcome.answer))
        for line in lines
    ]
    return judge_found(
        [line.outcome for line in lines],
        {line.outcome.question.id: line.gold for line in lines},
        {line.outcome.question.id: line.relevant for line in lines if line.outcome.question.answerable},
        found,
    )


def recomputed(
    run: KeptRun,
    questions: Sequence[Question],
    follow_ups: Sequence[FollowUp] = (),
    texts: Mapping[str, str] | None = None,
) -> Summary:
    """Every figure of the run, made anew from its answers and rankings; see `judged_again`. Raises RunError."""
    return summary_of(judged_again(run, questions, texts), follow_ups, run.understood)


def as_kept(summary: Summary) -> dict[str, Any]:
    """The summary as `figures.json` gives it back, to be compared with `KeptRun.figures`."""
    row: dict[str, Any] = json.loads(_pretty(summary.to_json()))
    return row


def _files(run: Run, environment: Mapping[str, Any]) -> dict[str, str]:
    report = run.report
    timings = {
        "latency_ms": {"median": report.latency_median_ms, "p95": report.latency_p95_ms},
        "milliseconds": {entry.outcome.question.id: entry.outcome.milliseconds for entry in run.judged},
        "build_seconds": report.build_seconds,
        "index_bytes": run.index_bytes,
    }
    understood = [
        {
            "id": item.id,
            "question": item.question,
            "understood": run.understood[item.id],
            "resolved": resolved(item, run.understood[item.id]),
        }
        for item in run.asked.follow_ups
    ]
    return {
        "run.trec": "".join(_trec(run.judged)),
        "answers.jsonl": "".join(_compact(line_of(entry)) for entry in run.judged),
        "follow_ups.jsonl": "".join(_compact(row) for row in understood),
        "figures.json": _pretty(run.summary.to_json()),
        "environment.json": _pretty(environment),
        "timings.json": _pretty(timings),
    }


def _trec(judged: Iterable[Judged]) -> Iterable[str]:
    """Scores fall with the rank by 1: tools break ties each their own way, so there are none."""
    for entry in judged:
        ranking = entry.outcome.ranking
        for rank, passage in enumerate(ranking, start=1):
            yield f"{entry.outcome.question.id} Q0 {passage} {rank} {len(ranking) + 1 - rank} {TAG}\n"


def _line(run: KeptRun, question: Question) -> Line:
    where = f"{run.folder / 'answers.jsonl'}: {question.id}"
    return read_line(run.lines[question.id], question, run.rankings.get(question.id, ()), where)


def _folder(path: Path | str, home: Path) -> Path:
    for folder in (home / path, Path(path)):
        if folder.is_dir():
            return folder
    kept = ", ".join(sorted(one.name for one in home.glob("[!.]*") if one.is_dir())) or "none"
    raise RunError(f"{path}: no kept run of that name, nor a folder; kept are: {kept}")


def _rankings(path: Path) -> dict[str, tuple[str, ...]]:
    rankings: dict[str, list[str]] = {}
    for number, line in enumerate(_lines(path), start=1):
        parts = line.split()
        ranking = rankings.setdefault(parts[0] if parts else "", [])
        if len(parts) != 6 or parts[3] != str(len(ranking) + 1) or parts[2] in ranking:
            raise RunError(
                f"{path}:{number}: {line!r}, expected: query Q0 passage rank score tag, ranks from 1 in order"
            )
        ranking.append(parts[2])
    return {query: tuple(ranking) for query, ranking in rankings.items()}


def _by_id(path: Path) -> dict[str, dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for number, line in enumerate(_lines(path), start=1):
        row = _json(line, f"{path}:{number}")
        name = row.get("id")
        if not isinstance(name, str) or name in rows:
            raise RunError(f"{path}:{number}: id is {name!r}, expected one of its own")
        rows[name] = row
    return rows


def _object(path: Path) -> dict[str, Any]:
    return _json(_text(path), str(path))


def _json(text: str, where: str) -> dict[str, Any]:
    try:
        row = json.loads(text)
    except ValueError as error:
        raise RunError(f"{where}: is not JSON ({error})") from error
    if not isinstance(row, dict):
        raise RunError(f"{where}: is {type(row).__name__}, expected an object")
    return row


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RunError(f"{path}: cannot be read: {error} (keep the run again)") from error


def _lines(path: Path) -> list[str]:
    """Not `splitlines`, for JSON may hold other line ends than the one that ends a line."""
    text = _text(path)
    return text.removesuffix("\n").split("\n") if text else []


def _compact(row: Mapping[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"


def _pretty(row: Mapping[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, indent=2) + "\n"
