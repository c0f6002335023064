"""French text -> the spans of its sentences. Pure; refuses nothing.

No sentence splitter of a package is used: simplemma's breaks after "art.", "Env." and "Ex. :" (tried with 2.0.0).
"""

from __future__ import annotations

import re
import unicodedata

from ingest.document import Span

# Words whose full stop does not end a sentence, lower case, without that stop.
ABBREVIATIONS = frozenset(
    """
    adj al ann apr arr art arts av bd boul bull cap cf chap ch ci-dess circ coll col comm dép dir doc dr dpt éd ed
    env env ex fasc fig hab inc introd janv févr juil sept oct nov déc jr lt maj max me mgr min mlle mlles mm mme
    mmes mr n no nos not obs op p pp par paragr préf prof r rapp réf resp rev sec sq st ste suppl suiv t tab tél
    trad univ v vol vs zone min c.-à-d c-à-d
    """.split()
)
LONGEST = 180  # words of a sentence that stays whole: about 300 tokens in French, where the model takes 512
# "etc." and "av. J.-C." may end a sentence: a capital after them decides.
_END = re.compile(r"(?P<stop>[.!?…]+)(?P<close>[\s\u00a0\u202f]*[»”\"’')\]]+)?(?P<gap>\s+)")
_OPENERS = "«“\"'(‘[–—-•€"


def split_sentences(text: str) -> tuple[Span, ...]:
    """Spans of the sentences of `text`, in order, without surrounding white space, covering every non-blank character.

    A line break splits too: a block whose lines were joined has none, and table rows are no sentence together.
    """
    cuts = [match.start("gap") for match in _END.finditer(text) if _ends_sentence(text, match)]
    cuts += [match.start() for match in re.finditer(r"\n+", text)]
    spans = []
    start = 0
    for cut in [*sorted(set(cuts)), len(text)]:
        span = strip_span(text, Span(start, cut))
        if span.start < span.end:
            spans.append(span)
        start = cut
    return tuple(spans)


def cut_long(text: str, span: Span) -> tuple[Span, ...]:
    """A sentence of more than LONGEST words in pieces that are not: cut after a semicolon or colon, else a comma, else a word.

    Texts without full stops (slides, forms, lists run together) are one sentence otherwise, too long to be embedded.
    """
    pieces: list[Span] = []
    start = span.start
    while True:
        words = [match.end() for match in re.finditer(r"\S+", text[start : span.end])]
        if len(words) <= LONGEST:
            return (*pieces, Span(start, span.end))
        # The second half of what fits, so that no piece is a scrap.
        ends = [start + end for end in words[LONGEST // 2 : LONGEST]]
        cut = next((end for stop in (";:•", ",") for end in reversed(ends) if text[end - 1] in stop), ends[-1])
        pieces.append(Span(start, cut))
        start = strip_span(text, Span(cut, span.end)).start


def strip_span(text: str, span: Span) -> Span:
    """The span without white space at its ends; empty (start == end) when it holds nothing else."""
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    following = text[match.end() : match.end() + 2]
    if not following or not _starts_sentence(following):
        return False
    if match["stop"] != "." or match["close"]:
        return True
    last = re.split(r"[\s’'(«“\"]", text[max(0, match.start("stop") - 40) : match.start("stop")])[-1]
    return not _is_abbreviation(last)


def _starts_sentence(following: str) -> bool:
    first = following[0]
    if first in _OPENERS:
        return True
    return first.isupper() or first.isdigit() or unicodedata.category(first) in {"So", "Sm", "Lo", "Lt"}


def _is_abbreviation(word: str) -> bool:
    if word.lower() in ABBREVIATIONS:
        return True
    # Initials ("J. Dupont", "J.-P. Martin", "S.A.R.L. X"): one capital after nothing, a stop or a hyphen.
    return bool(re.fullmatch(r"(?:[^\W\d_][.\-]+)*[^\W\d_]", word)) and word[-1].isupper()
