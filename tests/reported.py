"""A small project whose kept runs a report can be made of: a corpus, questions, follow-ups, and runs without an assistant."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any

from evals.cli import main
from evals.corpora import corpus_sha256, joined
from evals.floors import sha256_of
from evals.follow_ups import load_follow_ups
from evals.measures import Judged, percentile
from evals.questions import Kind, Question, Split
from evals.release_report.contents import Again, Contents, contents_of
from evals.report import Report
from evals.runner import Asked, Run
from evals.runs import judged_again, keep, load_run
from evals.summary import summary_of
from ingest.document import BlockKind, Passage
from tests.judged import a_judgement, a_question
from tests.test_evals_cli import FOLLOW_UPS

TEXT = "Le jardin partagé de Dijon produit des légumes chaque été, et ses habitants les vendent au marché du samedi."
# A passage's id holds the hash of its text, so the ranking of a made run may name one that the corpus holds.
IN_CORPUS = f"p:{sha256(TEXT.encode()).hexdigest()[:12]}"
SEGMENT = "Le jardin partagé de Dijon produit des légumes chaque été"
PASSAGE = Passage(id="p:bad", publication_id="p", text=TEXT, start=0, end=len(TEXT), page=3, kind=BlockKind.PARAGRAPH)
UNDERSTOOD = {"f001": "Qui produit des légumes à Dijon ?", "f002": "et à Dijon ?"}
# A question each: a set refuses a dev and a test question that are nearly the same.
WORDS = """jardin école marché vélo piscine théâtre chauffage logement emploi musique potager cantine budget subvention
bénévole fablab ressourcerie crèche tramway laverie abeilles prison hiver gymnase fromage océan violon zèbre""".split()
EARLIER, LATER = "2026-01-01T12:00:00+00:00", "2026-02-01T12:00:00+00:00"


def questions() -> list[Question]:
    """Ten facts, ten how-to questions, then hostile and absent ones in turn; halves as even as a set's must be."""
    halves = (Split.DEV, Split.TEST)
    asked = [
        a_question(number, kind=Kind.FACT if number < 10 else Kind.HOW_TO, split=halves[number % 2])
        for number in range(20)
    ]
    kinds = (Kind.HOSTILE, Kind.HOSTILE, Kind.ABSENT, Kind.ABSENT)
    asked += [a_question(900 + number, kind=kinds[number % 4], split=halves[number % 2]) for number in range(8)]
    return [replace(one, question=f"{word.capitalize()} ?") for one, word in zip(asked, WORDS, strict=True)]


def judged(asked: Sequence[Question], wrong: Iterable[str] = (), *, milliseconds: float = 40.0) -> list[Judged]:
    """All of them right but for those whose id is among `wrong`: evidence is missed, traps are answered."""
    missed = set(wrong)
    return [
        a_judgement(
            question,
            answered=question.answerable or question.id in missed,
            good=question.id not in missed,
            probability=0.9 if question.answerable != (question.id in missed) else 0.3,
            milliseconds=milliseconds + 10 * number,
        )
        for number, question in enumerate(asked)
    ]


def contents(again: Again, before: Path | None = None) -> Contents:
    """What a report says of a run."""
    return contents_of(again, load_run(before) if before else None)


class Project:
    """The folder of one, with kept runs under `runs`."""

    def __init__(self, folder: Path, asked: Sequence[Question]) -> None:
        self.folder, self.asked = folder, asked
        self.corpus, self.runs = folder / "corpus", folder / "runs"
        self.questions, self.follow_ups = folder / "questions.jsonl", folder / "follow_ups.jsonl"
        self.corpus.mkdir()
        (self.corpus / "p.txt").write_text(TEXT, encoding="utf-8")
        _write(self.corpus / "catalogue.jsonl", [{"id": "p", "title": "P", "publisher": "RTES", "file": "p.txt"}])
        _write(self.follow_ups, FOLLOW_UPS)
        _write(self.questions, map(_row, asked))

    def keep(self, name: str, judged: Sequence[Judged], at: str | None = LATER) -> Path:
        """A run of that name whose answers these are."""
        with_text = [replace(e, outcome=replace(e.outcome, ranking=(*e.outcome.ranking, IN_CORPUS))) for e in judged]
        times = [entry.outcome.milliseconds for entry in judged]
        follow_ups = load_follow_ups(self.follow_ups)
        summary = summary_of(with_text, follow_ups, UNDERSTOOD)
        report = Report(
            groups={group: found.figures for group, found in summary.groups.items()},
            kinds={},
            latency_median_ms=percentile(times, Fraction(1, 2)),
            latency_p95_ms=percentile(times, Fraction(95, 100)),
            build_seconds=12.5,
            versions={},
        )
        run = Run(
            report=report,
            summary=summary,
            judged=tuple(with_text),
            passages=(),
            asked=Asked(file=self.questions, questions=self.asked, follow_ups=follow_ups),
            understood=UNDERSTOOD,
            index_bytes=2_500_000,
        )
        return keep(run, self._environment(at), name, home=self.runs)

    def again(self, folder: Path, passages: Mapping[str, Passage] | None = None) -> Again:
        """The kept run, judged again."""
        run = load_run(folder)
        entries = judged_again(run, self.asked)
        summary = summary_of(entries, load_follow_ups(self.follow_ups), run.understood)
        return Again(run=run, judged=entries, summary=summary, passages=passages or {PASSAGE.id: PASSAGE})

    def report(self, *words: str) -> int:
        """The command over this project's files."""
        own = ["--runs", str(self.runs), "--questions", str(self.questions), "--follow-ups", str(self.follow_ups)]
        return main(["report", *words, *own, "--corpus", str(self.corpus)])

    def _environment(self, at: str | None) -> dict[str, Any]:
        with_times = {"made_at": at} if at else {}
        corpus = corpus_sha256(joined([self.corpus], self.folder / f"joined-{len(list(self.folder.iterdir()))}"))
        return with_times | {
            "python": "3.13.1",
            "commit": "c0ffee",
            "packages": {"numpy": "2.4", "ir_measures": "0.4"},
            "questions": {"file": "questions.jsonl", "sha256": sha256_of(self.questions), "questions": len(self.asked)},
            "corpus": {"sha256": corpus},
        }


def _row(question: Question) -> dict[str, object]:
    return {
        "id": question.id,
        "question": question.question,
        "kind": question.kind,
        "answerable": question.answerable,
        "expected_status": list(question.expected_status),
        "evidence": [
            {"publication": one.publication, "page": one.page, "segment": SEGMENT, "grade": one.grade}
            for one in question.evidence
        ],
        "split": question.split,
        "note": "",
    }


def _write(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
