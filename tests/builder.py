"""`python -m tests.builder CORPUS CACHE INDEX`: for each line on stdin a build, in a process of its own that may be killed.

Everything is imported once, and each build forked off before a store or a thread is opened. On stdout: `ready`, then for
each build `pid N`, its stages as they begin, what goes wrong, and `ended STATUS`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from ingest.build import BuildOptions, build_index
from ingest.errors import IngestError
from ingest.repair.lexicon import default_lexicon
from tests.corpora import HashEmbedder


def say(line: str) -> None:
    print(line, flush=True)


def build(corpus: Path, cache: Path, index: Path) -> int:
    say(f"pid {os.getpid()}")
    try:
        build_index(corpus, index, HashEmbedder(), log=say, options=BuildOptions(cache=cache))
    except IngestError as error:
        say(f"error: {error}")
        return 1
    return 0


def main() -> None:
    corpus, cache, index = (Path(argument) for argument in sys.argv[1:])
    default_lexicon()
    say("ready")
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            os._exit(build(corpus, cache, index))
        _, status = os.waitpid(child, 0)
        say(f"ended {os.waitstatus_to_exitcode(status)}")


if __name__ == "__main__":
    main()
