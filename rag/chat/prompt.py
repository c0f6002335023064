"""A question and numbered passages -> the messages that a chat model is asked with, from the template in `prompt.fr.md`.

In: texts that nobody vouches for. Out: LangChain messages in which they are data, by construction: between delimiters with a
nonce of this request, without a bracket that could make a delimiter, a tag, a token of a chat template or a citation, each
line of a passage behind a bar, no invisible character, no address. Refused (ValueError): a template without its parts.

The n-th passage is [n] in the answer; what that is, is for the caller to know.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

TEMPLATE = Path(__file__).with_name("prompt.fr.md")
NO_ANSWER = "AUCUNE_REPONSE"  # what the model says, and nothing else, when the passages do not answer
_WORDS, _WORDS_DETAILED = 150, 400  # as the extractive answers have them
_PART = re.compile(r"^=== (\w+) ===$", re.MULTILINE)
_INVISIBLE = frozenset({"Cf", "Cc", "Co", "Cs", "Cn"})
# Every bracket and bar that delimiters (`<<`), tags (`</s>`), templates (`<|im_start|>`, `[INST]`, `{{`, DeepSeek's full-width
# bar) or citations are made of, turned into what none of them is made of and a reader takes for the same.
_HARMLESS = str.maketrans(
    {"<": "‹", ">": "›", "[": "(", "]": ")", "{": "(", "}": ")", "|": "¦", "`": "'"}
    | dict.fromkeys("＜﹤〈⟨《", "‹")
    | dict.fromkeys("＞﹥〉⟩》", "›")
    | dict.fromkeys("［【〔〖⟦", "(")
    | dict.fromkeys("］】〕〗⟧", ")")
    | dict.fromkeys("｜∣│┃❘", "¦")
)
_ADDRESS = re.compile(
    r"[\w+.-]*://\S*|(?:\bwww\.|\b(?:mailto|javascript|data):)\S+|\S+@\S+\.\S+"
    r"|\b(?:[\w-]+\.)+(?:fr|org|com|eu|net|info|coop|paris|bzh)\b(?:/\S*)?",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"^([^\w\n]*(?:system|user|assistant|human|ai|bot|tool|developer|instructions?|prompt|question|answer|response"
    r"|système|utilisateur|utilisatrice|humain|développeur|consignes?|réponse|règles?)[^\w\n]{0,3}):",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptPassage:
    """What the model sees of a passage. `date` is YYYY[-MM[-DD]] or empty."""

    title: str
    date: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """The template, read. `version` changes with every word of it, and goes with what was measured."""

    version: str
    system: Template
    passage: Template
    user: Template

    def messages(
        self, question: str, passages: Sequence[PromptPassage], *, detailed: bool = False, nonce: str | None = None
    ) -> list[BaseMessage]:
        """`nonce` is drawn anew for each request unless given."""
        nonce = nonce or secrets.token_hex(8)
        words = _WORDS_DETAILED if detailed else _WORDS
        shown = [
            self.passage.substitute(
                number=number,
                nonce=nonce,
                title=one_line(passage.title),
                date=one_line(passage.date) or "inconnue",
                text=barred(passage.text),
            )
            for number, passage in enumerate(passages, start=1)
        ]
        asked = self.user.substitute(nonce=nonce, passages="\n\n".join(shown), question=one_line(question))
        return [SystemMessage(self.system.substitute(nonce=nonce, words=words)), HumanMessage(asked)]


def load_prompt(path: Path = TEMPLATE) -> Prompt:
    """Raises ValueError when a part or the version is missing; OSError when the file is."""
    version, parts = read_template(path, ("system", "passage", "user"))
    return Prompt(version=version, **parts)


def read_template(path: Path, names: Sequence[str]) -> tuple[str, dict[str, Template]]:
    """The version of a template and its parts by their names. Raises as `load_prompt` does."""
    head, *rest = _PART.split(path.read_text(encoding="utf-8"))
    version = re.match(r"version: (\S+)\n", head)
    parts = {name: Template(text.strip()) for name, text in zip(rest[::2], rest[1::2], strict=True)}
    if version is None or parts.keys() != set(names):
        raise ValueError(
            f"{path}: expected a line `version: N`, then the parts {', '.join(names)}, each after === name ==="
        )
    return version[1], parts


def neutral(text: str) -> str:
    """The text as data: what is invisible, an address, or made of brackets, can be no instruction, link or delimiter."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(map(_visible, text)).translate(_HARMLESS)
    return _ROLE.sub(r"\1 –", _ADDRESS.sub("(adresse)", text))


def _visible(character: str) -> str:
    """A space for what is not seen; line ends stay, variation selectors (which can carry text) go."""
    if character == "\n":
        return character
    if "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef":
        return ""
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    return " " if category in _INVISIBLE or category in {"Zl", "Zp"} else character


def one_line(text: str) -> str:
    """The text as data, on one line."""
    return " ".join(neutral(text).split())


def barred(text: str) -> str:
    """The text as data, each line behind a bar, so that none begins with what a model takes for a speaker or a heading."""
    lines = (" ".join(line.split()) for line in neutral(text).splitlines())
    return "\n".join(f"| {line}" for line in lines if line) or "| (vide)"
