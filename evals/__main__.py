"""`python -m evals`: see `evals.cli`."""

from __future__ import annotations

import sys

from ingest.offline import keep_offline

if __name__ == "__main__":
    keep_offline()  # before the libraries that read these switches are imported
    from evals.cli import main

    sys.exit(main(sys.argv[1:]))
