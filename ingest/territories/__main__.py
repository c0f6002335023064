"""`python -m ingest.territories`: make the official gazetteer, look at what is found, measure it.

    make PACKAGE.tgz [--out FILE]   derive corpus/gazetteer.tsv.xz from what `npm pack @etalab/decoupage-administratif` writes
    find FILE                       the territories that a text file names, one a line
    measure SAMPLE [--files DIR]    precision and recall on lines {"text": "...", "names": ["...", ...]}; DIR has the files
                                    of lines that name one instead (see tests/fixtures/territories.md)

Exit status: 0 done, 1 a file cannot be read or the measure misses its bounds, 2 usage.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ingest.errors import IngestError
from ingest.territories.gazetteer import Gazetteer
from ingest.territories.places import GAZETTEER

REVIEWED = GAZETTEER.parent / "territories.json"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m ingest.territories", description="Territories that texts name.")
    commands = parser.add_subparsers(dest="command", required=True)
    make = commands.add_parser("make", help="derive the official gazetteer from its npm package")
    make.add_argument("package", type=Path, help="archive that `npm pack @etalab/decoupage-administratif` writes")
    make.add_argument("--out", type=Path, default=GAZETTEER, help="file to write (default: %(default)s)")
    find = commands.add_parser("find", help="print the territories that a text file names")
    find.add_argument("file", type=Path)
    measure = commands.add_parser("measure", help="precision and recall on a sample marked by hand")
    measure.add_argument("sample", type=Path, help='lines {"text": "...", "names": ["...", ...]}')
    measure.add_argument("--files", type=Path, metavar="DIR", help="folder of the files that lines name")
    arguments = parser.parse_args(argv)
    try:
        if arguments.command == "make":
            return _make(arguments.package, arguments.out)
        gazetteer = Gazetteer.load(REVIEWED)
        if arguments.command == "measure":
            return _measure(arguments.sample, arguments.files, gazetteer)
        print("\n".join(gazetteer.find(arguments.file.read_text(encoding="utf-8"))))
    except (IngestError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _make(package: Path, out: Path) -> int:
    from ingest.repair.lexicon import default_lexicon
    from ingest.territories.make import derive, read_package

    data = derive(read_package(package), default_lexicon())
    out.write_bytes(data)
    print(f"{out}: {len(data)} bytes", file=sys.stderr)
    return 0


def _measure(sample: Path, files: Path | None, gazetteer: Gazetteer) -> int:
    from ingest.territories.measure import measure, read_sample

    result = measure(read_sample(sample, files), gazetteer)
    for miss in result.misses:
        print(miss)
    print(f"precision {result.precision:.3f}  recall {result.recall:.3f}  names expected {result.expected}")
    return 0 if result.holds else 1


if __name__ == "__main__":
    sys.exit(main())
