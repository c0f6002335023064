"""A retrieval benchmark: documents, queries, and which documents are relevant to which query.

In: PIAF's file (SQuAD format) or a BEIR-style folder (corpus.jsonl, queries.jsonl, qrels/*.tsv). Out: one Collection, which
can be written as a corpus that ingestion reads, or as a BEIR-style folder. Refused (CollectionError): files of another form,
and a collection without a query that has a relevant document.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path


class CollectionError(Exception):
    """A benchmark that is not of its form: which file, what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A document; `title` may be empty."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question and the ids of the documents that answer it, at least one."""

    id: str
    text: str
    relevant: tuple[str, ...]

    @property
    def kept_apart(self) -> bool:
        """Whether it belongs to the half that nothing was fitted on: by its document, whose queries all go together."""
        return is_kept_apart(self.relevant[0])


def is_kept_apart(document: str) -> bool:
    """Half of all documents, by the hash of their ids."""
    return sha256(document.encode()).digest()[0] % 2 == 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """Documents, and queries with at least one relevant document each. Raises CollectionError when there is none."""

    name: str
    items: tuple[Item, ...]
    queries: tuple[Query, ...]

    def __post_init__(self) -> None:
        if not self.queries:
            raise CollectionError(f"{self.name}: no query has a relevant document among {len(self.items)} documents")

    @property
    def digest(self) -> str:
        """Changes with any document: an index of another digest is not this collection's."""
        return sha256(json.dumps([[i.id, i.title, i.text] for i in self.items]).encode()).hexdigest()

    def write_corpus(self, folder: Path) -> None:
        """A corpus with one text file a document; publication `d<number>` is document <number>. `folder` is made."""
        folder.mkdir(parents=True, exist_ok=True)
        lines = []
        for number, item in enumerate(self.items):
            name = f"d{number}"
            # A document that is but a title has it for a text: an empty file is no publication.
            (folder / f"{name}.txt").write_text(item.text.strip() or item.title, encoding="utf-8")
            row = {"id": name, "title": item.title or self.name, "publisher": self.name, "file": f"{name}.txt"}
            lines.append(json.dumps(row, ensure_ascii=False) + "\n")
        (folder / "catalogue.jsonl").write_text("".join(lines), encoding="utf-8")

    def write_beir(self, folder: Path) -> None:
        """As a BEIR-style folder, which is made."""
        (folder / "qrels").mkdir(parents=True, exist_ok=True)
        corpus = ({"_id": item.id, "title": item.title, "text": item.text} for item in self.items)
        _write_lines(folder / "corpus.jsonl", corpus)
        _write_lines(folder / "queries.jsonl", ({"_id": query.id, "text": query.text} for query in self.queries))
        rows = [f"{query.id}\t{document}\t1\n" for query in self.queries for document in query.relevant]
        (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n" + "".join(rows), encoding="utf-8")


def load_piaf(path: Path) -> Collection:
    """PIAF: each paragraph a document without title, relevant to its own questions. Raises CollectionError, OSError."""
    try:
        articles = json.loads(path.read_text(encoding="utf-8"))["data"]
        entries = [entry for article in articles for entry in article["paragraphs"]]
        items = [Item(id=f"p{number}", title="", text=entry["context"]) for number, entry in enumerate(entries)]
        queries = [
            Query(id=f"q{number}.{position}", text=qa["question"], relevant=(f"p{number}",))
            for number, entry in enumerate(entries)
            for position, qa in enumerate(entry["qas"])
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise CollectionError(f"{path}: expected SQuAD's data/paragraphs/context/qas: {error!r}") from error
    return Collection(name="PIAF", items=tuple(items), queries=tuple(queries))


def load_beir(folder: Path) -> Collection:
    """A BEIR-style folder: queries with a relevance above 0 in any of its qrels. Raises CollectionError, OSError."""
    items = [
        Item(id=row["_id"], title=row.get("title", ""), text=row["text"])
        for row in _rows(folder / "corpus.jsonl", ("_id", "text"))
    ]
    relevant = _qrels(folder / "qrels", {item.id for item in items})
    queries = [
        Query(id=row["_id"], text=row["text"], relevant=relevant[row["_id"]])
        for row in _rows(folder / "queries.jsonl", ("_id", "text"))
        if row["_id"] in relevant
    ]
    return Collection(name=folder.resolve().name, items=tuple(items), queries=tuple(queries))


def _qrels(folder: Path, documents: set[str]) -> Mapping[str, tuple[str, ...]]:
    """For each query its relevant documents, sorted; those that the corpus lacks are left out."""
    relevant: dict[str, set[str]] = {}
    for path in sorted(folder.glob("*.tsv")):
        lines = path.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines[1:], start=2):
            cells = line.split("\t")
            if len(cells) != 3 or not cells[2].strip().lstrip("-").isdigit():
                raise CollectionError(f"{path}:{number}: expected query-id, corpus-id and score, found {line!r}")
            if int(cells[2]) > 0 and cells[1] in documents:
                relevant.setdefault(cells[0], set()).add(cells[1])
    return {query: tuple(sorted(found)) for query, found in relevant.items()}


def _rows(path: Path, names: Sequence[str]) -> Iterator[Mapping[str, str]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise CollectionError(f"{path}:{number}: not JSON: {error}") from error
        if not isinstance(row, dict) or not all(isinstance(row.get(name), str) for name in names):
            raise CollectionError(f"{path}:{number}: expected an object with texts {' and '.join(names)}")
        yield row


def _write_lines(path: Path, rows: Iterable[Mapping[str, str]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
