"""An answer's quotations against evidence, texts and expected figures: is the evidence there, is each one what its source says?

In: an answer, its question's evidence. Out: yes or no, or a share of citations. Stretches are compared by their offsets, so
that no wording is judged; a figure is looked for as the question writes it, white space and apostrophes folded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from evals.questions import GoldSpan
from evals.spans import FoldedText, shares_half
from ingest.document import Span
from rag.answer import Answer, Citation, Example


def evidence_in_answer(gold: Sequence[GoldSpan], answer: Answer) -> bool:
    """Whether a citation or example shares half of the shorter of both with evidence of the highest grade."""
    top = max((entry.grade for entry in gold), default=0)
    return any(on_evidence(entry, quote) for entry in gold for quote in quotes_of(answer) if entry.grade == top)


def found_again(quote: Citation | Example, texts: Mapping[str, str]) -> bool:
    """Whether the quotation is what the publication's repaired text holds at its offsets, white space folded."""
    text = texts.get(quote.publication_id, "")
    inside = 0 <= quote.start < quote.end <= len(text)
    return inside and quote.quote == " ".join(text[quote.start : quote.end].split())


def citation_precision(gold: Sequence[GoldSpan], answer: Answer) -> float | None:
    """Share of the citations that share half of the shorter of both with evidence of any grade; None without citation."""
    if not answer.citations:
        return None
    good = [any(on_evidence(entry, quote) for entry in gold) for quote in answer.citations]
    return sum(good) / len(good)


def figures_shown(expected: Sequence[str], answer: Answer) -> bool:
    """Whether every expected figure stands in the answer's text or a quotation, as a whole number ("12" is not in "2012")."""
    shown = FoldedText("\n".join([answer.text, *(quote.quote for quote in quotes_of(answer))])).folded
    return all(re.search(_whole(FoldedText(figure).folded.strip()), shown) for figure in expected)


def quotes_of(answer: Answer) -> tuple[Citation | Example, ...]:
    """What the answer quotes: its citations, then its examples."""
    return (*answer.citations, *answer.examples)


def on_evidence(entry: GoldSpan, quote: Citation | Example) -> bool:
    """Whether the quotation shares half of the shorter of both with the evidence."""
    return entry.publication == quote.publication_id and shares_half(entry.span, Span(quote.start, quote.end))


def _whole(figure: str) -> str:
    """A pattern of the figure as a whole number: "64" is not in "2064", "64,5" or "64 000", nor "500" in "1 500"."""
    group = r"(?<![0-9] )" if re.match(r"[0-9]{3}(?![0-9])", figure) else ""
    before = r"(?<![0-9])(?<![0-9][,.])" + group if figure[:1].isdigit() else ""
    after = r"(?![,.]?[0-9])(?! [0-9]{3}(?![0-9]))" if figure[-1:].isdigit() else ""
    return before + re.escape(figure) + after
