"""What a build is made from: the corpus's files, the data it carries, the code; and whether the served one is of it still."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ingest.catalogue import CATALOGUE_NAME, SCHEMA_PATH, load_catalogue
from ingest.digests import Digests, code_digest, libraries, package_files
from ingest.errors import IndexMismatch, IndexMissing
from ingest.index.analyser import ANALYSER
from ingest.index.builds import Manifest, current_build
from ingest.repair.lexicon import LEXICON
from ingest.territories import GAZETTEER
from ingest.windows import WindowKind

# Data that every build carries for those who answer from it. A corpus may bring its own; otherwise the project's serves.
DATA_FILES = ("scope.json", "contacts.json", "territories.json", "schemes.json")
# What every build has besides its manifest.
PARTS = ("chroma", "lexical", "documents", "publications.json", *DATA_FILES)
PROJECT_CORPUS = Path(__file__).resolve().parent.parent / "corpus"
DIGESTS = ".digests.json"


def is_stale(corpus: Path, index: Path, embedder_identity: str, *, windows: WindowKind = WindowKind.SENTENCE) -> bool:
    """Whether `index` serves no build of this corpus by this code, this embedder and these windows."""
    try:
        folder = current_build(index)
        whole = all((folder / part).exists() for part in PARTS)
        digests = Digests(index / DIGESTS)
        now = inputs_hash(corpus, embedder_identity, windows=windows, digests=digests)
        return not whole or Manifest.read(folder).inputs != now
    except (IndexMissing, IndexMismatch):
        return True


def inputs_hash(
    corpus: Path, embedder_identity: str, *, windows: WindowKind = WindowKind.SENTENCE, digests: Digests | None = None
) -> str:
    """SHA-256 over all that a build depends on: corpus files, the code of `ingest`, what it reads with, the embedder.

    Of files that `digests` knows, only size and modification time are looked at.
    """
    digests = digests or Digests(corpus / DIGESTS)
    digest = hashlib.sha256(f"{embedder_identity}\n{ANALYSER}\n{windows}\n{libraries()}\n".encode())
    digest.update(code_digest([*package_files(), LEXICON, SCHEMA_PATH]).encode())
    named = [corpus / p.file for p in load_catalogue(corpus).publications if p.file]
    data = [data_file(corpus, name) for name in DATA_FILES]
    for path in [corpus / CATALOGUE_NAME, GAZETTEER, *data, *named]:
        digest.update(f"{path.name}\0{digests.of(path)}\0".encode())
    return digest.hexdigest()


def data_file(corpus: Path, name: str) -> Path:
    """The corpus's own file of that name, or else the project's."""
    own = corpus / name
    return own if own.is_file() else PROJECT_CORPUS / name
