"""A follow-up that the rules are unsure of -> a question that stands alone, in a chat model's words.

In: what was typed, its spelling mended, and the turns before it. Out: the question, or none, and then the rules' completion
stands; what it took, also where it came to nothing. Nothing that a model does is raised, and nothing that it says is believed:
it may only put together what was said. A rewriting is refused that is not one clean sentence of 500 characters at most in the
language of what was typed, has a label, quotation marks around it, markup, a link or a contact in it, is hostile, a greeting
or an order to a machine, or resolves nothing; that lacks a term, figure, name, negation or comparison of what was typed; that
adds a term or name which neither a question nor the last answer has, a figure or an official territory which no question has,
or a negation or comparison; or that asks with another question word than what was typed, if that has one. Which words go
together is not checked, but for the verb of "qui": of what was said, one thing may still be asked in the place of another.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from ingest.index.analyser import analyse, fold
from ingest.sentences import split_sentences
from ingest.territories import Gazetteer
from ingest.territories.places import official
from rag.answer import Turn
from rag.chat.client import ChatModel
from rag.chat.errors import ChatModelError
from rag.chat.rewrite import RewritePrompt
from rag.chat.run import End
from rag.chat.tokens import Tokens
from rag.compose.orders import orders_a_machine
from rag.conversation.asked import Asked
from rag.conversation.asking import Asking
from rag.conversation.completion import TOPICS, TURNS
from rag.conversation.wording import folded
from rag.forbidden import is_forbidden, speaks
from rag.language import is_english, is_french, names_in
from rag.request import MAX_QUESTION, clean_question
from rag.scope import Scope
from rag.support.figures import figures_of

# How much of an earlier answer is shown: what a follow-up is about mostly stands in its first sentences.
_CHARACTERS = 400
# Function words, and yet not free.
_DENYING = re.compile(r"\b(?:ne|n(?=')|ni|aucune?s?|jamais|pas|sans|hors|non|not|no|never|without|none)\b")
# Words of a follow-up that a whole question does without ("plutôt à Toulon", "du côté des financements").
_MANNER = frozenset(analyse("plutôt côté possible"))
# They turn a question into another, and most are no terms ("qui finance le plus", "qui finance toujours").
_COMPARING = re.compile(
    r"\b(?:plus|moins|mieux|pire|davantage|autant|trop|assez|seulement|uniquement|surtout|toujours|encore|deja"
    r"|more|less|fewer|most|least|better|best|worse|worst|only|always|still|already|too|enough)\b"
)
_LABEL = re.compile(
    r"\W*(?:[\w'-]+ ){0,4}?(?:q|questions?|(?:re)?formul\w+|reecri\w+|re(?:write|writ)\w*|reponses?|answers?|voici|here"
    r"|resultats?|output|version)\b[^:?]{0,40}:"
)
_QUOTED = re.compile(r"[«»‹›\"“”„‘’'`]|.*[?!.…]\s*[«»‹›\"“”’'`]+$", re.DOTALL)
_WORD = re.compile(r"[^\W_](?:[\w-]*\w)?")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewritten:
    """What a model made of a follow-up: `question` is "" where the rules' completion stands, `tokens` None without asking."""

    question: str = ""
    tokens: Tokens | None = None


class Rewriter:
    """Has one chat model rewrite. Thread-safe."""

    def __init__(self, model: ChatModel, prompt: RewritePrompt, scope: Scope) -> None:
        self._model = model
        self._prompt = prompt
        self._scope = scope

    def rewrite(self, typed: str, history: Sequence[Turn]) -> Rewritten:
        """What the model makes of `typed`, after what was said, within the limits that it is asked with."""
        turns = [said for turn in history[-TURNS:] for said in self._shown(turn)]
        reply = self._model.stream(self._prompt.messages(typed, turns))
        said = ""
        try:
            with reply:
                said = "".join(reply)
        except ChatModelError as error:
            # Without its words: they may hold what was asked.
            _log.warning("the chat model did not rewrite: %s", error.reason)
        is_good = reply.end is End.WHOLE and self._is_good(said, typed, turns)
        return Rewritten(question=one_question(said) if is_good else "", tokens=reply.tokens)

    def _is_good(self, said: str, typed: str, turns: Sequence[Turn]) -> bool:
        question = one_question(said)
        try:
            return bool(question) and self._may_be_asked(question) and is_put_together(question, typed, turns)
        except (ArithmeticError, LookupError, RuntimeError, ValueError) as error:
            # A model, and who forges what was said, may write anything; what cannot even be judged is not asked.
            _log.warning("a rewritten question could not be judged: %s", type(error).__name__)
            return False

    def _shown(self, turn: Turn) -> Iterator[Turn]:
        """An earlier turn as the model sees it, if it may be a subject: no order to a machine, of the answer the beginning."""
        question = clean_question(turn.question[:MAX_QUESTION])
        if (turn.status is None or turn.status in TOPICS) and self._may_be_asked(question):
            yield Turn(question=question, text="\n".join(self._sound(_beginning(turn.text))))

    def _sound(self, text: str) -> Iterator[str]:
        for line in text.splitlines():
            sentences = (line[span.start : span.end] for span in split_sentences(line))
            yield " ".join(one for one in sentences if not orders_a_machine(one) and not self._scope.is_hostile(one))

    def _may_be_asked(self, question: str) -> bool:
        return self._scope.is_question(question) and not orders_a_machine(question)


def one_question(said: str) -> str:
    """What a model said as a question that may be typed; "" where it is none, more than one, labelled or in quotation marks."""
    question = clean_question(said)
    if len(question) > MAX_QUESTION:  # before it is split, which takes a second of thousands of full stops
        return ""
    if _LABEL.match(folded(question)) or _QUOTED.match(question):
        return ""
    seen = " ".join(unicodedata.normalize("NFC", said).split())
    is_one = len(said.strip().splitlines()) == 1 and len(split_sentences(question)) == 1
    return question if is_one and seen == question else ""


# Of the readings that evals/follow_ups.jsonl gives for its 39 unsure follow-ups, written by people, 31 pass; the others say
# it in other words, or translate it.
def is_put_together(question: str, typed: str, turns: Sequence[Turn]) -> bool:
    """Whether `question` asks as `typed` does, has all its terms and, but for grammar and asking, only what was said."""
    asked, rewritten = Asked.of(typed), Asked.of(question)
    english = is_english(typed)
    if is_forbidden(question) or not _is_told_so(question, english=english):
        return False
    if rewritten.content() <= asked.content() and not asked.is_whole(""):  # nothing was found for what is left out
        return False
    questions = " . ".join([typed, *(turn.question for turn in turns)])
    said = "\n".join([questions, *(turn.text for turn in turns[-1:])])
    kept = asked.content() - _MANNER <= frozenset(analyse(question)) and _denials(typed) <= _denials(question)
    added = rewritten.content() - frozenset(analyse(said)) or _denials(question) - _denials(questions)
    if not kept or added or not _asks_the_same(question, typed, questions):
        return False
    if not _names_are_told(question, questions, said) or _places_added(question, questions):
        return False
    return _figures_are_told(question, typed, questions, "en" if english else "fr")


def _figures_are_told(question: str, typed: str, questions: str, language: str) -> bool:
    """Whether its figures are those of what was typed, and of the questions."""
    figures = figures_of(question, language)
    return not (
        figures.missing_from(figures_of(questions, language)) or figures_of(typed, language).missing_from(figures)
    )


def _places_added(question: str, questions: str) -> bool:
    """Whether it names a territory, in small letters too, with words that are not the questions'."""
    terms = frozenset(analyse(questions))
    told = _WORD.sub(lambda found: found.group() if terms >= {*analyse(found.group())} else " ", question)
    return not _gazetteer().asked_about(question) <= _gazetteer().asked_about(told)


@cache
def _gazetteer() -> Gazetteer:
    """The official one: quarters and countries are names like others."""
    return Gazetteer(territories=(), official=official())


def _names_are_told(question: str, questions: str, said: str) -> bool:
    """Whether each of its names was said."""
    # Whole words: terms are stems, and a name has none. Only who types leaves capitals out.
    words, typed_words = frozenset(_WORD.findall(said)), {fold(word) for word in _WORD.findall(questions)}
    return all(name in words or fold(name) in typed_words for name in names_in(question))


def _is_told_so(question: str, *, english: bool) -> bool:
    """Whether it is in the language of what was typed; of a third one most words are none of French."""
    small = [word for word in re.findall(r"[^\W\d_]{3,}", question) if word.islower()]
    return speaks(question, english=english) and (english or 2 * sum(map(is_french, small)) >= len(small))


def _asks_the_same(question: str, typed: str, questions: str) -> bool:
    """Whether it has the question words and comparisons of what was typed, a leading "qui" with the same verb.

    What was typed without a question word takes over an earlier question, and may take its comparisons.
    """
    wanted, asking = Asking.of(typed), Asking.of(question)
    told = _comparisons(typed if wanted.words else questions)
    if not _comparisons(typed) <= _comparisons(question) <= told:
        return False
    if not wanted.words:
        return True
    return wanted.words == asking.words and asking.place <= wanted.place and asking.who == wanted.who


def _comparisons(text: str) -> frozenset[str]:
    return frozenset(_COMPARING.findall(folded(text)))


def _denials(text: str) -> frozenset[str]:
    return frozenset("ne" if word == "n" else word for word in _DENYING.findall(folded(text)))


def _beginning(text: str) -> str:
    """Of an answer; no word is cut."""
    return text if len(text) <= _CHARACTERS else text[: _CHARACTERS + 1].rpartition(" ")[0][:_CHARACTERS]
