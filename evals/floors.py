"""`floors.json`: what a release may not fall below, and what the project wants to reach.

    questions_sha256, follow_ups_sha256, corpus_sha256   what the floors were set on
    floors    by figure its value, and the kept run that it is the figure of; the gate makes it anew from that run's files
    targets   bounds that are wanted, `at_least` and `at_most`: reported, for a floor is what was reached
    sunk      each floor that was lowered: from and to which value (null: given up), by which run, why, when

In: the file. Out: Floors, and the floors that a run gives. Refused (FloorsError): a file of another form, a bound on a figure
that is not measured here, a floor that would sink without a reason.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from evals.measures import FIGURE_NAMES, LOWER_IS_BETTER, SHARES

# Figures whose differences between two runs are resampled (`evals.resampling`): only those can be held against a floor.
FLOORED = (*SHARES, "answerability_auroc", "follow_ups_resolved")
SET_ON = ("questions_sha256", "follow_ups_sha256", "corpus_sha256")
_KEYS = {*SET_ON, "floors", "targets", "sunk"}
_SUNK = {"figure", "before", "after", "run", "reason", "date"}
# Sums in another order, on another machine, differ by less.
SAME = 1e-9


class FloorsError(Exception):
    """The floors cannot be read, or may not be set so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """A figure of all questions together, and the name of the kept run that has it."""

    value: float
    run: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sunk:
    """A floor that was lowered on purpose. `run` has the value `after`, None where it is not measured any more.

    `date` is YYYY-MM-DD.
    """

    figure: str
    before: float
    after: float | None
    run: str
    reason: str
    date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Floors:
    """See the module; all mappings are by the figure's name. `set_on` has SET_ON; `at_least` and `at_most` are the targets."""

    set_on: Mapping[str, str]
    floors: Mapping[str, Floor]
    at_least: Mapping[str, float]
    at_most: Mapping[str, float]
    sunk: Sequence[Sunk] = ()

    def save(self, path: Path) -> None:
        """Write it whole or not at all. Raises OSError."""
        row = {
            **self.set_on,
            "floors": {name: asdict(floor) for name, floor in self.floors.items()},
            "targets": {"at_least": dict(self.at_least), "at_most": dict(self.at_most)},
            "sunk": [asdict(one) for one in self.sunk],
        }
        with tempfile.TemporaryDirectory(prefix=".floors-", dir=path.parent) as aside:
            fresh = Path(aside) / path.name
            fresh.write_text(json.dumps(row, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n")
            fresh.replace(path)

    def missed(self, values: Mapping[str, float | None]) -> list[str]:
        """The targets that are not reached, one message each."""
        bounds = [(name, bound, "at least") for name, bound in self.at_least.items()]
        bounds += [(name, bound, "at most") for name, bound in self.at_most.items()]
        return [
            f"below target: {name} is {_shown(values[name])}, wanted {word} {bound}"
            for name, bound, word in bounds
            if (value := values[name]) is None or (value < bound if word == "at least" else value > bound)
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A run that floors may be set by: its name, the figures of all its questions, what it was made of, and the day."""

    run: str
    values: Mapping[str, float | None]
    set_on: Mapping[str, str]
    date: str


def load_floors(path: Path) -> Floors:
    """Read the floors. Raises FloorsError."""
    try:
        row = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FloorsError(f"{path}: cannot be read: {error}") from error
    if not isinstance(row, dict) or row.keys() != _KEYS:
        found = sorted(row) if isinstance(row, dict) else type(row).__name__
        raise FloorsError(f"{path}: found {found}, expected an object with exactly {sorted(_KEYS)}")
    for name in SET_ON:
        if not isinstance(row[name], str):
            raise FloorsError(f"{path}: {name} is {row[name]!r}, expected a SHA-256 in hexadecimal")
    targets = row["targets"]
    if not isinstance(targets, dict) or targets.keys() != {"at_least", "at_most"}:
        raise FloorsError(f"{path}: targets is {targets!r}, expected an object with exactly at_least and at_most")
    return Floors(
        set_on={name: row[name] for name in SET_ON},
        floors=_floors(path, row["floors"]),
        at_least=_bounds(path, targets, "at_least"),
        at_most=_bounds(path, targets, "at_most"),
        sunk=_sunk(path, row["sunk"]),
    )


def sha256_of(path: Path) -> str:
    """The file's SHA-256 in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def changed_since_set(floors: Floors, found: Mapping[str, str]) -> list[str]:
    """Which of the hashes that the floors were set on are others now; those that `found` lacks are not looked at."""
    return [
        f"floors were set on others: {name} is {wanted}, found {found[name]} "
        "(look at the figures, then set them: python -m evals gate --keep VERSION --raise)"
        for name, wanted in floors.set_on.items()
        if name in found and found[name] != wanted
    ]


def is_worse(name: str, value: float, than: float) -> bool:
    """Whether a figure is worse than another, by more than the order of a sum."""
    return value > than + SAME if name in LOWER_IS_BETTER else value < than - SAME


def renewed(
    floors: Floors, by: Measured, *, fallen: Collection[str] = (), rises: bool, reason: str | None = None
) -> Floors:
    """The floors after a run: those that rise, if `rises`, and with a `reason` those `fallen` (worse beyond noise).

    A figure that is worse but no more than noise leaves its floor where it was. On other questions or another corpus than
    before all are set by the run, if `rises`. Raises FloorsError, all faults at once, where one would sink without reason.
    """
    anew = floors.set_on != by.set_on
    if anew and not rises:
        raise FloorsError("floors were set on other questions or another corpus: all are set anew only with --raise")
    kept: dict[str, Floor] = {}
    sunk = list(floors.sunk)
    for name in FLOORED:
        old, value = floors.floors.get(name), by.values[name]
        sinks = old is not None and (
            name in fallen or (anew and (value is None or is_worse(name, value, than=old.value)))
        )
        if old is not None and sinks:
            sunk.append(Sunk(figure=name, before=old.value, after=value, run=by.run, reason=reason or "", date=by.date))
        rose = rises and value is not None and (old is None or is_worse(name, old.value, than=value))
        if value is not None and (sinks or anew or rose):
            kept[name] = Floor(value=value, run=by.run)
        elif old is not None and not sinks:
            kept[name] = old
    sinking = sunk[len(floors.sunk) :]
    if sinking and not reason:
        raise FloorsError("\n".join(_would_sink(one) for one in sinking))
    return replace(floors, set_on=by.set_on, floors=kept, sunk=tuple(sunk))


def _would_sink(one: Sunk) -> str:
    return (
        f"{one.figure} would sink from {one.before:.4f} to {_shown(one.after)} "
        "(if it must be: --allow-regression REASON, which is kept)"
    )


def _shown(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.4f}"


def _floors(path: Path, row: Any) -> dict[str, Floor]:  # noqa: ANN401
    if not isinstance(row, dict):
        raise FloorsError(f"{path}: floors is {row!r}, expected an object of figure: {{value, run}}")
    floors = {}
    for name, floor in row.items():
        if name not in FLOORED:
            raise FloorsError(f"{path}: floors: {name!r} can have none, expected one of {list(FLOORED)}")
        if not isinstance(floor, dict) or floor.keys() != {"value", "run"} or not isinstance(floor["run"], str):
            raise FloorsError(f"{path}: floors: {name} is {floor!r}, expected {{value, run}}")
        floors[name] = Floor(value=_number(path, f"floors: {name}", floor["value"]), run=floor["run"])
    return floors


def _bounds(path: Path, row: Mapping[str, Any], key: str) -> dict[str, float]:
    bounds = row[key]
    if not isinstance(bounds, dict):
        raise FloorsError(f"{path}: {key} is {bounds!r}, expected an object of figure: number")
    for name, bound in bounds.items():
        _check_name(path, key, name)
        _number(path, f"{key}: {name}", bound)
    return bounds


def _sunk(path: Path, rows: Any) -> tuple[Sunk, ...]:  # noqa: ANN401
    if not isinstance(rows, list) or not all(isinstance(row, dict) and row.keys() == _SUNK for row in rows):
        raise FloorsError(f"{path}: sunk is {rows!r}, expected a list of objects with exactly {sorted(_SUNK)}")
    for number, row in enumerate(rows):
        where = f"sunk: {number}"
        _number(path, f"{where}: before", row["before"])
        if row["after"] is not None:
            _number(path, f"{where}: after", row["after"])
        for key in ("figure", "run", "reason", "date"):
            if not isinstance(row[key], str) or not row[key].strip():
                raise FloorsError(f"{path}: {where}: {key} is {row[key]!r}, expected words")
    return tuple(Sunk(**row) for row in rows)


def _check_name(path: Path, key: str, name: str) -> None:
    if name not in FIGURE_NAMES:
        raise FloorsError(f"{path}: {key}: no figure is called {name!r}, expected one of {list(FIGURE_NAMES)}")


def _number(path: Path, what: str, value: Any) -> float:  # noqa: ANN401
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise FloorsError(f"{path}: {what} is {value!r}, expected a number")
    return float(value)
