"""Questions -> a TREC run: `qid Q0 passage_id rank score tag`, one line a result, ranks from 1."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rag.retrieval import Ranked

TAG = "rtes-assistant"


def passage_lines(question_id: str, results: Iterable[Ranked]) -> Iterator[str]:
    """One line a passage."""
    for ranked in results:
        yield _line(question_id, ranked.passage.id, ranked.rank, ranked.score)


def publication_lines(question_id: str, results: Iterable[Ranked], k: int) -> Iterator[str]:
    """One line a publication, at its best passage; a text that stands in several counts for each."""
    best: dict[str, float] = {}
    for ranked in results:
        for publication in (ranked.passage.publication_id, *ranked.passage.also_in):
            best.setdefault(publication, ranked.score)
    for rank, (publication, score) in enumerate(list(best.items())[:k], start=1):
        yield _line(question_id, publication, rank, score)


def _line(question_id: str, document: str, rank: int, score: float) -> str:
    return f"{question_id} Q0 {document} {rank} {score:.6f} {TAG}"
