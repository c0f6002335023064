"""`python -m evals gate`: may this go out? Every reason why not, at once; or the floors that it sets.

    gate                          builds the corpora, asks everything, holds the figures against the floors
    gate --keep V [--raise]       the same, and if it may go out keeps the run as V; floors rise to what is better
      --allow-regression REASON   floors below which it fell sink to it, and the reason is kept with them
    gate --index DIR [--build B]  puts to a build as it lies there the questions that it can be asked; sets nothing

Red (exit status 1): questions, follow-ups or corpus are not those that the floors were set on; a floor that its kept run does
not have; a hard limit; evidence that no passage holds; a figure below its floor beyond noise. Missed targets are told.
Exit status 2: options that do not go together.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evals.asking import CORPORA, HOME, add_options, asked_of, keep_it, log, made, runs_of, tell, write_table
from evals.floors import Floors, FloorsError, Measured, changed_since_set, load_floors, renewed, sha256_of
from evals.limits import faults
from evals.pins import Measure, emptied, fallen, pinned, taken_out
from evals.questions import QuestionsError
from evals.runner import Asked, Run
from evals.runs import check_name, is_kept
from evals.served import build_folder, judge_build
from ingest.errors import IngestError
from ingest.index.embedder import load_embedder
from ingest.settings import IngestSettings

_FIRST = "no floor is set (look at the figures, then set them: python -m evals gate --keep VERSION --raise)"


def add_gate(commands: Any, corpora: Sequence[Path] = CORPORA) -> None:  # noqa: ANN401
    """The sub-command, for the parser of `python -m evals`."""
    parser = commands.add_parser("gate", help="may this be released, or this build be served?")
    parser.add_argument(
        "--index", type=Path, metavar="DIR", help="judge a build as it lies there: the folder of `current`"
    )
    parser.add_argument("--build", metavar="NAME", help="with --index: which build (default: that `current` names)")
    parser.add_argument(
        "--corpus", type=Path, nargs="+", default=list(corpora), metavar="DIR", help="folders of catalogues"
    )
    parser.add_argument("--questions", type=Path, default=HOME / "questions.jsonl", help="the question set")
    add_options(parser)
    parser.add_argument("--raise", action="store_true", dest="rises", help="with --keep: floors rise to what is better")
    parser.add_argument(
        "--allow-regression", metavar="REASON", dest="reason", help="with --keep: floors sink; the reason is kept"
    )
    parser.set_defaults(act=_gate, parser=parser)


def _gate(options: argparse.Namespace) -> int:
    _check(options)
    return _of_build(options) if options.index else _of_release(options)


def _check(options: argparse.Namespace) -> None:
    """Ends with 2 for options that do not go together."""
    wrong = options.parser.error
    if options.index is None and options.build is not None:
        wrong("--build is for --index")
    if options.index is not None and (_given(options) or options.corpus != list(CORPORA)):
        wrong("--index judges a build as it lies there: no option of a run goes with it")
    if options.keep is None and (options.rises or options.reason is not None or options.replace):
        wrong("--raise, --allow-regression and --replace are for --keep: a floor names the run that has it")
    if options.reason is not None and not options.reason.strip():
        wrong("--allow-regression wants a reason")


def _given(options: argparse.Namespace) -> list[str]:
    """The options of a run that were given."""
    names = ("keep", "replace", "rises", "reason", "json", "readme", "failures")
    return [name for name in names if getattr(options, name) not in (None, False)]


def _of_release(options: argparse.Namespace) -> int:
    if options.keep is not None:
        # The name alone: that one is kept already is no fault if it is the same run.
        check_name(options.keep, home=runs_of(options), replace=True)
    floors, asked = load_floors(options.floors), asked_of(options)
    set_on = {"questions_sha256": sha256_of(options.questions), "follow_ups_sha256": sha256_of(options.follow_ups)}
    same = not changed_since_set(floors, set_on)
    measures, unfit = pinned(floors, runs_of(options), asked.questions, asked.follow_ups, same=same)
    unfit = [*emptied(floors, runs_of(options), None if options.replace else options.keep), *unfit]
    try:
        run = made(options, asked)
    except (QuestionsError, IngestError) as error:
        return _ended([*_unset(floors, set_on, options, asked), *unfit, *str(error).split("\n")])
    set_on["corpus_sha256"] = run.report.versions["corpus_sha256"]
    tell(run, options)
    figures = run.report.groups["all"]
    print("", *floors.missed(figures.to_json()), sep="\n")
    broken = (*_unset(floors, set_on, options, asked), *unfit, *faults(run.judged, figures, run.passages))
    fell = fallen(floors, measures, Measure.of(run.judged, asked.follow_ups, run.understood))
    if broken or (fell and not options.reason):
        return _ended([*broken, *fell.values()])
    try:
        floors = _set(floors, run, fell, set_on, options)
    except FloorsError as error:
        return _ended(str(error).split("\n"))
    if options.readme:
        write_table(run, options, floors)
    return _ended([])


def _unset(floors: Floors, set_on: Mapping[str, str], options: argparse.Namespace, asked: Asked) -> list[str]:
    """What keeps the floors from being those of what was asked; nothing where they are about to be set.

    Questions that are taken out make figures better that nothing else does: that wants a reason, like a floor that sinks.
    """
    if options.rises:
        return [] if options.reason else taken_out(floors, runs_of(options), asked.questions)
    return [*changed_since_set(floors, set_on), *([] if floors.floors else [_FIRST])]


def _set(
    floors: Floors, run: Run, fell: Mapping[str, str], set_on: Mapping[str, str], options: argparse.Namespace
) -> Floors:
    """Keep the run if that was asked for; the floors after it. Raises FloorsError, RunError."""
    if options.keep is None:
        return floors
    values = run.report.groups["all"].to_json()
    by = Measured(run=options.keep, values=values, set_on=set_on, date=datetime.now(UTC).date().isoformat())
    after = floors
    if options.rises or options.reason:
        after = renewed(floors, by, fallen=fell.keys(), rises=options.rises, reason=options.reason)
    if is_kept(run, options.keep, home=runs_of(options)):
        log(f"kept already, the same: {runs_of(options) / options.keep}")
    else:
        _check_unnamed(after, by)
        keep_it(run, options)
    if after != floors:
        after.save(options.floors)
        _tell_change(floors, after)
    return after


def _check_unnamed(floors: Floors, by: Measured) -> None:
    """A run that floors name is not replaced by one that has other figures."""
    held = [name for name, floor in floors.floors.items() if floor.run == by.run and floor.value != by.values[name]]
    if held:
        raise FloorsError(f"{by.run} is the run of the floors of {', '.join(held)}: keep this one under another name")


def _tell_change(before: Floors, after: Floors) -> None:
    for name, floor in after.floors.items():
        old = before.floors.get(name)
        if old != floor:
            print(f"floor set: {name} {f'{old.value:.4f} -> ' if old else ''}{floor.value:.4f}")


def _of_build(options: argparse.Namespace) -> int:
    folder = build_folder(options.index, options.build)
    floors, asked = load_floors(options.floors), asked_of(options)
    set_on = {"questions_sha256": sha256_of(options.questions)}
    changed = changed_since_set(floors, set_on)
    # Follow-ups are not put to a build: others than the floors were set on do no harm.
    others = floors.set_on["follow_ups_sha256"] != sha256_of(options.follow_ups)
    measures, unfit = pinned(
        floors, runs_of(options), asked.questions, None if others else asked.follow_ups, same=not changed
    )
    try:
        built = judge_build(folder, asked.questions, load_embedder(IngestSettings(), threads=1), log)
    except (QuestionsError, IngestError) as error:
        return _ended([*_unset(floors, set_on, options, asked), *unfit, *str(error).split("\n")])
    values = built.figures.to_json()
    for name, floor in floors.floors.items():
        if values[name] is not None:
            print(f"{name}: {values[name]:.4f} (of all questions run {floor.run} has {floor.value:.4f})")
    if built.absent_answered:
        print(f"absent questions that it answers, as a new publication may: {', '.join(built.absent_answered)}")
    fell = fallen(floors, measures, Measure(judged=built.judged, resolved={}))
    broken = faults(built.judged, built.figures, built.passages)
    return _ended([*_unset(floors, set_on, options, asked), *unfit, *broken, *fell.values()])


def _ended(problems: Sequence[str]) -> int:
    print("gate: " + ("\n      ".join(problems) if problems else "all floors hold"))
    return 1 if problems else 0
