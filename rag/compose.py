"""Ranking -> a draft of verbatim sentences, ordered, under short headings. Extractive: it writes nothing of its own.

What a section is called follows what its sentences are: ways of doing are levers, example blocks examples. Refuses nothing; a
ranking without quotable sentences gives an empty draft.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.document import BlockKind, Passage, Span
from ingest.index.analyser import analyse
from ingest.index.index import Index
from rag.language import Intent, intent_of
from rag.phrases import Phrases, phrases_for
from rag.retrieval import Ranked, Ranking
from rag.signals import Rarity, counts
from rag.understanding import Understood
from rag.verify import Claim, DraftSentence

# Passages whose sentences are weighed; most words of an answer; fewest words that say something on their own.
_PASSAGES, MAX_WORDS, _MIN_WORDS = 12, 150, 6
# Shares of a sentence's weight: its own cosine, the question's terms it holds, how its passage ranks.
_DENSE, _TERMS, _RANK = 0.6, 0.3, 0.1
# What each word beyond _SHORT costs: of two sentences that fit alike the shorter leaves room for another.
_LENGTH, _SHORT = 0.002, 25
# What has no word of the question may still say the same in others, but seldom.
_STRANGE = 0.1
# What asks back answers little ("Et pourquoi pas… ?").
_ASKS = 0.15
# For a sentence of the kind that a question calls for.
_FITS = 0.1
# For a sentence that gives the number which the question asks for.
_COUNTS = 0.3
# "En mobilisant…", "Mobiliser…": what one may do.
_LEVER = re.compile(r"En (?:[sl]['’]|les? |la |y )?\w+ant\b|(?:S['’]|Se )?[A-ZÀ-Ý]\w+(?:er|ir|re)\b")
# How far below the best a sentence may lie and still be said, by what was asked.
_REACH = {Intent.FACT: 0.25, Intent.DEFINITION: 0.35, Intent.EXAMPLE: 0.45, Intent.HOW_TO: 0.45, Intent.GENERAL: 0.45}
# What each sentence of a passage after its best costs the next.
_DISCOUNT = 0.1
_MOST = {Intent.FACT: 2, Intent.DEFINITION: 3, Intent.EXAMPLE: 5, Intent.HOW_TO: 6, Intent.GENERAL: 5}


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """A window that may be said: its text, where it stands, and how well it fits (0 to about 1)."""

    passage: Passage
    span: Span
    text: str
    weight: float

    def heading(self, phrases: Phrases) -> str:
        """The section under which it is said."""
        if self.passage.kind is BlockKind.EXAMPLE:
            return phrases.examples
        return phrases.levers if _LEVER.match(self.text) else phrases.in_short


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Sentences in the order in which they are said; `headings[i]` is the section of sentence i."""

    sentences: tuple[DraftSentence, ...]
    headings: tuple[str, ...]
    places: tuple[str, ...]


def compose(understood: Understood, ranking: Ranking, index: Index, rarity: Rarity) -> Draft:
    """At most about MAX_WORDS words; the best sentence is always said whole."""
    intent, phrases = intent_of(understood.question), phrases_for(understood.language)
    extracts = _weigh(understood.searched, intent, ranking, index, rarity)
    chosen = _choose(extracts, intent)
    ordered = _in_sections(chosen, phrases)
    return Draft(
        sentences=tuple(
            DraftSentence(text=extract.text, claims=(Claim(passage_id=extract.passage.id, quote=extract.text),))
            for extract in ordered
        ),
        headings=tuple(extract.heading(phrases) for extract in ordered),
        places=tuple(_place(extract) for extract in ordered),
    )


def _place(extract: Extract) -> str:
    """The example's title, unless the sentence begins with it."""
    title = extract.passage.title or ""
    return "" if extract.text.startswith(title.rstrip("… ")) else title


def _weigh(question: str, intent: Intent, ranking: Ranking, index: Index, rarity: Rarity) -> list[Extract]:
    """Every quotable window of the best passages, best first."""
    best = ranking.results[:_PASSAGES]
    found = [(ranked, number) for ranked in best for number in index.windows_of(ranked.number)]
    if not found:
        return []
    terms = frozenset(analyse(question))
    cosines = [float(ranking.window_scores[number]) for _, number in found]
    low, high = min(cosines), max(cosines)
    extracts = []
    for (ranked, number), cosine in zip(found, cosines, strict=True):
        text = _text(ranked.passage, index.windows[number])
        if text is None:
            continue
        closeness = (cosine - low) / (high - low) if high > low else 1.0
        weight = (
            _DENSE * closeness + _TERMS * rarity.share(terms, frozenset(analyse(text))) + _RANK * _prior(ranked, best)
        )
        weight -= _STRANGE if not terms & frozenset(analyse(text)) else 0
        weight -= _ASKS if text.endswith("?") else 0
        weight -= _LENGTH * max(0, len(text.split()) - _SHORT)
        weight += _bonus(intent, ranked.passage, text) + (_COUNTS if counts(question, text) else 0)
        extracts.append(Extract(passage=ranked.passage, span=index.windows[number], text=text, weight=weight))
    return _spread(sorted(extracts, key=lambda extract: (-extract.weight, extract.passage.id, extract.span)))


def _spread(extracts: Sequence[Extract]) -> list[Extract]:
    """Best first, each further sentence of a passage weighing less: several places answer better than one."""
    seen: Counter[str] = Counter()
    spread = []
    for extract in extracts:
        spread.append(replace(extract, weight=extract.weight - _DISCOUNT * seen[extract.passage.id]))
        # Items of a list stand side by side; sentences of a text repeat their subject.
        seen[extract.passage.id] += extract.passage.kind is not BlockKind.LIST_ITEM
    return sorted(spread, key=lambda extract: (-extract.weight, extract.passage.id, extract.span))


def _text(passage: Passage, span: Span) -> str | None:
    """The window's words, or None when it is not to be quoted: doubtful, or no sentence (headings alone)."""
    if not passage.sentences or any(span.overlaps(stretch) for stretch in passage.doubtful):
        return None
    words = passage.text[span.start - passage.start : span.end - passage.start].split()
    # What only announces ("Le RTES agit pour :") says nothing without what follows it.
    announces = words[-1].endswith(":") and len(words) < 2 * _MIN_WORDS
    return " ".join(words) if len(words) >= _MIN_WORDS and not announces else None


def _prior(ranked: Ranked, best: Sequence[Ranked]) -> float:
    top, bottom = best[0].score, best[-1].score
    return (ranked.score - bottom) / (top - bottom) if top > bottom else 1.0


def _bonus(intent: Intent, passage: Passage, text: str) -> float:
    """A kind of question prefers a kind of sentence: a fact figures, an example examples, a how-to levers."""
    fits = {
        Intent.FACT: any(char.isdigit() for char in text),
        Intent.EXAMPLE: passage.kind is BlockKind.EXAMPLE,
        Intent.HOW_TO: passage.kind is BlockKind.LIST_ITEM,
    }
    return _FITS if fits.get(intent, False) else 0.0


def _choose(extracts: Sequence[Extract], intent: Intent) -> list[Extract]:
    chosen: list[Extract] = []
    words = 0
    for extract in extracts:
        if len(chosen) == _MOST[intent] or extract.weight < extracts[0].weight - _REACH[intent]:
            break
        length = len(extract.text.split())
        if chosen and (words + length > MAX_WORDS or any(_says_the_same(extract, other) for other in chosen)):
            continue
        chosen.append(extract)
        words += length
    return chosen


def _says_the_same(left: Extract, right: Extract) -> bool:
    """More than four fifths of the shorter's terms stand in the other."""
    mine, other = frozenset(analyse(left.text)), frozenset(analyse(right.text))
    return len(mine & other) > 0.8 * min(len(mine), len(other))


def _in_sections(chosen: Sequence[Extract], phrases: Phrases) -> list[Extract]:
    """Sections in the order of their best sentence; within one, as the publications have them."""
    sections = list(dict.fromkeys(extract.heading(phrases) for extract in chosen))
    return sorted(chosen, key=lambda e: (sections.index(e.heading(phrases)), e.passage.publication_id, e.span))
