"""`python -m evals planted`: how many false sentences `rag.support` lets through, and how many true ones it drops.

In: `evals/planted/sentences.jsonl` and the corpora, built anew. Every sentence of the asked half is judged against the
passages that hold the segments it cites, and so is the true twin of each false one (`original`; not of `not_cited`, whose
twin stands elsewhere); what VERIFIER_MODEL names has the last word, as it has on an answer. Out: figures by kind and in sum,
the reasons, milliseconds. Refused: a segment that no passage holds (QuestionsError), and `--show` of the `test` half (usage):
nothing is tuned on it.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from evals.asking import log
from evals.measures import percentile
from evals.questions import QuestionsError
from evals.runner import built
from ingest.document import Passage
from ingest.index.embedder import load_embedder
from ingest.index.index import Index, QueryEmbedder
from ingest.repair.lexicon import default_lexicon
from ingest.settings import IngestSettings
from ingest.territories import Gazetteer
from rag.chat.client import open_chat_model
from rag.chat.settings import ChatSettings
from rag.compose.unsaid import Unsaid
from rag.glossary import default_glossary
from rag.rarity import Rarity
from rag.scope import Scope
from rag.settings import RagSettings
from rag.support.inference import CHAT, load_infer
from rag.support.judge import Infer, Supporter, Verdict

if TYPE_CHECKING:
    from argparse import _SubParsersAction

FILE = Path(__file__).resolve().parent / "planted" / "sentences.jsonl"
CHANGED_FACT = ("number", "percentage", "amount", "date", "name", "negation", "quantity", "not_cited", "invention")
PARAPHRASE_ERROR = ("agent_swap", "scope", "modality", "cause", "time", "attribute")
_TWIN = "twin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """One sentence to judge, with the segments (publication, text) that it cites; a twin is of the kind "twin"."""

    id: str
    kind: str
    is_true: bool
    text: str
    cited: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What became of one sentence, and in how many milliseconds."""

    planted: Planted
    verdict: Verdict
    milliseconds: float

    @property
    def is_wrong(self) -> bool:
        """A false sentence that is shown, a true one that is dropped."""
        return self.verdict.is_supported is not self.planted.is_true


def add_planted(commands: _SubParsersAction[argparse.ArgumentParser], corpora: Sequence[Path]) -> None:
    """Add the command's options."""
    parser = commands.add_parser("planted", help="judge planted sentences by what they cite, print what gets past")
    parser.add_argument("--split", choices=("dev", "test", "all"), default="dev", help="which half (default: dev)")
    parser.add_argument("--show", action="store_true", help="print the wrong ones too; of the dev half alone")
    parser.add_argument("--sentences", type=Path, default=FILE, help="the planted sentences")
    parser.add_argument(
        "--corpus", type=Path, nargs="+", default=list(corpora), metavar="DIR", help="folders of catalogues"
    )
    parser.set_defaults(act=run_planted, refuse=parser.error)


def run_planted(options: argparse.Namespace) -> int:
    """Build the corpora, judge, print."""
    if options.show and options.split != "dev":
        options.refuse("--show is for --split dev: nothing is tuned on the test half")
    sentences = list(load_planted(options.sentences, options.split))
    settings, ingest = RagSettings(), IngestSettings()
    chat = open_chat_model(ChatSettings()) if settings.verifier_model == CHAT else None
    embedder, infer = load_embedder(ingest, threads=1), load_infer(settings, ingest, chat)
    with built(options.corpus, embedder, log) as (_, folder, _):
        index = Index.open(folder, embedder)
        judged = list(judge_planted(sentences, index, embedder, infer))
    print(f"last word (VERIFIER_MODEL): {settings.verifier_model or 'the rules'}")
    for line in lines_of(judged):
        print(line)
    if options.show:
        for line in shown(judged):
            print(line)
    return 0


def load_planted(path: Path, split: str) -> Iterator[Planted]:
    """The sentences of one half, or of "all", each false one followed by its twin."""
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    for row in rows:
        if split not in {"all", row["split"]}:
            continue
        is_true = row["verdict"] == "true"
        yield _planted(row, row["kind"], row["sentence"], is_true=is_true)
        if not is_true and row["kind"] != "not_cited":
            yield _planted(row, _TWIN, row["original"], is_true=True)


def _planted(row: dict[str, Any], kind: str, text: str, *, is_true: bool) -> Planted:
    cited = tuple((one["publication"], one["segment"]) for one in row["cited"])
    return Planted(id=row["id"], kind=kind, is_true=is_true, text=text, cited=cited)


def judge_planted(
    sentences: Sequence[Planted], index: Index, embedder: QueryEmbedder, infer: Infer | None = None
) -> Iterator[Judged]:
    """Each with its verdict, in order. Raises QuestionsError, all faults at once, when a segment is in no passage."""
    passages = [_cited(planted, index.passages) for planted in sentences]
    faults = [
        f"{planted.id}: no passage of {name} holds {segment!r}, expected a verbatim stretch of one"
        for planted, found in zip(sentences, passages, strict=True)
        for (name, segment), passage in zip(planted.cited, found, strict=True)
        if passage is None
    ]
    if faults:
        raise QuestionsError(faults)
    supporter = Supporter(
        index,
        embedder,
        rarity=Rarity(index.passages, index.publications),
        lexicon=default_lexicon(),
        gazetteer=Gazetteer.load(index.folder / "territories.json"),
        glossary=default_glossary(),
        is_unsaid=Unsaid.of(index, Scope.load(index.folder / "scope.json").is_hostile).holds,
        infer=infer,
    )
    for planted, found in zip(sentences, passages, strict=True):
        start = perf_counter()
        verdict = supporter.judge(planted.text, [one for one in found if one], english=planted.kind == "english")
        yield Judged(planted=planted, verdict=verdict, milliseconds=1000 * (perf_counter() - start))


def _cited(planted: Planted, passages: Iterable[Passage]) -> list[Passage | None]:
    """For each segment the first passage that holds it, white space folded."""
    found: dict[tuple[str, str], Passage] = {}
    for passage in passages:
        for name, segment in planted.cited:
            if passage.publication_id == name and segment in " ".join(passage.text.split()):
                found.setdefault((name, segment), passage)
    return [found.get(one) for one in planted.cited]


def lines_of(judged: Sequence[Judged]) -> Iterator[str]:
    """Figures by kind, then the sums, reasons and milliseconds."""
    for kind in dict.fromkeys(one.planted.kind for one in judged if one.planted.kind != _TWIN):
        of_kind = [one for one in judged if one.planted.kind == kind]
        yield _line(f"{kind}: {'true dropped' if of_kind[0].planted.is_true else 'false shown'}", of_kind)
    sums = {
        "sum: false shown, a fact changed": [one for one in judged if one.planted.kind in CHANGED_FACT],
        "sum: false shown, a paraphrase error": [one for one in judged if one.planted.kind in PARAPHRASE_ERROR],
        "sum: true dropped": [one for one in judged if one.planted.is_true and one.planted.kind != _TWIN],
        "sum: true dropped, twins of false ones": [one for one in judged if one.planted.kind == _TWIN],
    }
    yield from (_line(name, ones) for name, ones in sums.items())
    for name, is_true in (("true dropped for", True), ("false dropped for", False)):
        dropped = (one for one in judged if one.planted.is_true is is_true and not one.verdict.is_supported)
        reasons = Counter(one.verdict.reason.value for one in dropped)
        yield f"{name}: " + (", ".join(f"{reason} {count}" for reason, count in reasons.most_common()) or "-")
    times = [one.milliseconds for one in judged]
    if times:
        median, high = percentile(times, Fraction(1, 2)), percentile(times, Fraction(95, 100))
        yield f"milliseconds a sentence: median {median:.0f}, p95 {high:.0f}"


def shown(judged: Iterable[Judged]) -> Iterator[str]:
    """The wrong ones, each with its reason and evidence."""
    for one in judged:
        if one.is_wrong:
            yield f"\n{one.planted.id} {one.planted.kind}: {one.verdict.reason.value} {one.verdict.detail}".rstrip()
            yield f"  {one.planted.text}"
            yield from (f"  > {extract.text}" for extract in one.verdict.evidence)


def _line(name: str, ones: Sequence[Judged]) -> str:
    wrong = sum(one.is_wrong for one in ones)
    share = f"{wrong / len(ones):.3f}" if ones else "-"
    return f"{name:45}{wrong:4} of {len(ones):4} {share}"
