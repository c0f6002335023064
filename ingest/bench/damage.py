"""Files damaged in hundreds of ways -> what reading them comes to: a document, a reason, or a reader that had to be stopped.

Each is read as a build reads it, by a process with bounds. Nothing may hang or bring the builder down. Refuses nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from ingest.bench.figures import Figure
from ingest.bench.mutations import mutated
from ingest.document import Publication
from ingest.reading import Limits, Outcome, read_parallel


def measure_damage(files: Sequence[Path], work: Path, *, count: int, workers: int) -> tuple[Figure, ...]:
    """`count` damages of `files` in turn. Every one must end; how often a reader had to be stopped is told."""
    folder = work / "damaged"
    folder.mkdir(parents=True)
    publications = []
    for number in range(count):
        name = f"{number:04d}.pdf"
        (folder / name).write_bytes(mutated(files[number % len(files)].read_bytes(), number))
        publications.append(Publication(id=f"damaged-{number}", title=name, publisher="bench", file=name))
    ends = Counter(map(_end, read_parallel(folder, publications, Limits(workers=workers, seconds=60))))
    note = f"{ends['read']} read, {ends['refused']} refused with a reason, {ends['stopped']} readers stopped or lost"
    return (
        Figure(
            name="damaged PDFs that end in a document or a reason", value=ends.total() / count, at_least=1.0, note=note
        ),
    )


def _end(outcome: Outcome) -> str:
    if outcome.document is not None:
        return "read"
    lost = any(
        words in outcome.reason
        for words in ("not read within", "the reader was stopped", "the reader failed", "MB of memory")
    )
    return "stopped" if lost else "refused"
