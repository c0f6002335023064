"""The only maker of citations. It knows no composer: a draft's sentence comes with the passages it claims to rest on.

A quotation must occur in its passage after the normalisation of `normalise`, outside doubtful stretches; every number and
proper name of a sentence must occur in what it cites. A sentence that fails is dropped and counted. Fuzzy matching is not
verification.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ingest.document import Document, Passage, Publication, Span
from rag.answer import Citation, Sentence

_APOSTROPHES = {"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'}
_LIGATURES = {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE"}
# French figures: "1 200", "1.200", "3,5"; a decimal comma and a decimal point are the same figure.
_NUMBER = re.compile(r"\d{1,3}(?:[ .]\d{3})+(?:,\d+)?(?!\d)|\d+(?:[.,]\d+)?")
# A capital inside a sentence, or a sigle anywhere, names something that the source must name too.
_NAME = re.compile(r"(?<![.!?…] )(?<!^)(?<![\w-])[^\W\d_a-zà-öø-ÿ][\w-]+|(?<![\w-])[A-ZÀ-Ý]{2,}(?![\w-])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """That `quote` stands in the passage with that id."""

    passage_id: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftSentence:
    """A sentence that a composer would say, and what it rests on. Without a claim it never passes.

    `judged`: its figures and names were held against the passages in whatever form they stand there (`rag.support`), so that
    they need not occur in the quotations letter by letter.
    """

    text: str
    claims: tuple[Claim, ...]
    judged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """A claim that holds: `text` is the document's text[start:end] with white space folded."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What of a draft may be shown, in order, and how many sentences may not. `kept[i]` numbers the draft's sentence."""

    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    kept: tuple[int, ...]
    removed: int


def verify(
    draft: Sequence[DraftSentence],
    passages: Mapping[str, Passage],
    publications: Mapping[str, Publication],
    document: Callable[[str], Document],
) -> Verified:
    """Check every sentence of `draft`; `document` gives a publication's texts by its id."""
    numbers: dict[tuple[str, Span], int] = {}
    citations: list[Citation] = []
    sentences: list[Sentence] = []
    kept: list[int] = []
    for position, sentence in enumerate(draft):
        held = _hold(sentence, passages)
        if held is None:
            continue
        cited = []
        for passage, quotation in held:
            key = (passage.publication_id, quotation.span)
            if key not in numbers:
                numbers[key] = len(citations) + 1
                source = document(passage.publication_id)
                citations.append(_citation(numbers[key], passage, quotation, publications, source))
            cited.append(numbers[key])
        sentences.append(Sentence(text=sentence.text, citations=tuple(dict.fromkeys(cited))))
        kept.append(position)
    return Verified(
        sentences=tuple(sentences), citations=tuple(citations), kept=tuple(kept), removed=len(draft) - len(kept)
    )


def find_quote(passage: Passage, quote: str) -> Quotation | None:
    """Where `quote` stands in the passage, compared normalised; None when it does not, or only in a doubtful stretch."""
    text, offsets = normalise(passage.text)
    wanted, _ = normalise(quote)
    wanted = wanted.strip()
    position = text.find(wanted) if wanted else -1
    while position >= 0:
        span = Span(passage.start + offsets[position], passage.start + offsets[position + len(wanted) - 1] + 1)
        if _whole_words(text, position, len(wanted)) and not any(
            span.overlaps(stretch) for stretch in passage.doubtful
        ):
            stretch = passage.text[span.start - passage.start : span.end - passage.start]
            return Quotation(text=" ".join(stretch.split()), span=span)
        position = text.find(wanted, position + 1)
    return None


def normalise(text: str) -> tuple[str, tuple[int, ...]]:
    """`text` in NFKC with plain apostrophes and quotes, ligatures opened, soft hyphens out, white space folded.

    The second value maps each character of the result to its offset in `text`. Combining marks go with their letter.
    """
    out: list[str] = []
    offsets: list[int] = []
    for offset, cluster in _clusters(text):
        for char in unicodedata.normalize("NFKC", cluster):
            for plain in _LIGATURES.get(char, _APOSTROPHES.get(char, char)):
                folded = " " if plain.isspace() else plain
                if folded == "\u00ad" or (folded == " " and out and out[-1] == " "):
                    continue
                out.append(folded)
                offsets.append(offset)
    return "".join(out), tuple(offsets)


def _clusters(text: str) -> list[tuple[int, str]]:
    clusters: list[tuple[int, str]] = []
    for offset, char in enumerate(text):
        if clusters and unicodedata.combining(char):
            first, cluster = clusters[-1]
            clusters[-1] = (first, cluster + char)
        else:
            clusters.append((offset, char))
    return clusters


def _whole_words(text: str, position: int, length: int) -> bool:
    """A quotation does not begin or end inside a word ("pas" is not quoted out of "passage")."""
    before, after = text[position - 1 : position], text[position + length : position + length + 1]
    return not (before.isalnum() and text[position].isalnum()) and not (
        after.isalnum() and text[position + length - 1].isalnum()
    )


def _hold(sentence: DraftSentence, passages: Mapping[str, Passage]) -> list[tuple[Passage, Quotation]] | None:
    held = []
    for claim in sentence.claims:
        passage = passages.get(claim.passage_id)
        quotation = find_quote(passage, claim.quote) if passage else None
        if passage is None or quotation is None:
            return None
        held.append((passage, quotation))
    cited = " ".join(quotation.text for _, quotation in held)
    is_told = sentence.judged or _facts(sentence.text) <= _facts(cited, everywhere=True)
    return held if held and is_told else None


def _facts(text: str, *, everywhere: bool = False) -> frozenset[str]:
    """Numbers and proper names of `text`, comparable; `everywhere` takes every word, as the source may start with a name."""
    plain, _ = normalise(text)
    numbers = {_figure(match.group()) for match in _NUMBER.finditer(plain)}
    words = re.findall(r"[\w-]+", plain) if everywhere else [match.group() for match in _NAME.finditer(plain)]
    return frozenset(numbers | {word.casefold() for word in words if not word.isdigit()})


def _figure(number: str) -> str:
    return re.sub(r"[ .](?=\d{3}(?!\d))", "", number).replace(",", ".")


def _citation(
    n: int, passage: Passage, quotation: Quotation, publications: Mapping[str, Publication], document: Document
) -> Citation:
    publication = publications[passage.publication_id]
    raw = document.raw_span(quotation.span)
    return Citation(
        n=n,
        quote=quotation.text,
        passage_id=passage.id,
        publication_id=publication.id,
        title=publication.title,
        publisher=publication.publisher,
        date=publication.date,
        page=passage.page,
        start=quotation.span.start,
        end=quotation.span.end,
        url=publication.url,
        raw_quote=document.raw[raw.start : raw.end],
        also_in=passage.also_in,
    )
