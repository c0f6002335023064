"""What an operator says of the service: its name and texts, colours, logo, examples, and whom to write to.

In: the TOML file that `UI_SITE` names, none for the texts of `ui/texts.py`. Out: one frozen value that every page is drawn
with. Refused (SiteError, all faults of the file at once): an unknown key, a text that is too long or holds control
characters, a colour that cannot be read, a logo that is no picture, an example that is no question, an address that is
none. `ui/REGLAGES.md` is the guide; `ui/site.toml` is a file to begin with.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from rag.request import question_problem
from ui import texts
from ui.colours import DARK, LIGHT, Rgb, Scheme, accent_problem, parse_hex
from ui.logo import Picture, read_logo
from ui.render import safe_url

_MAX_FILE = 64 * 1024
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_EMAIL = re.compile(r"[\w.+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


class SiteError(ValueError):
    """A settings file that cannot be used; the message lists every fault of it."""


def _one_line(text: str) -> str:
    if any(unicodedata.category(char) in _UNSEEN for char in text):
        raise ValueError("expected one line without control characters")
    return text


def _lines(text: str) -> str:
    _one_line(text.replace("\n", ""))
    return text


def _question(text: str) -> str:
    problem = question_problem(text)
    if problem:
        raise ValueError(f"expected a question that the assistant takes ({problem})")
    return text


def _contact(text: str) -> str:
    """An e-mail address without `mailto:`, an https address, or nothing."""
    bare = text.removeprefix("mailto:")
    if text and not _EMAIL.fullmatch(bare) and not safe_url(text):
        raise ValueError(f"{text!r} is neither an e-mail address (mailto:... is allowed) nor an https address")
    return bare


def _accent(scheme: Scheme) -> AfterValidator:
    def check(text: str) -> str:
        problem = accent_problem(parse_hex(text), scheme)
        if problem:
            raise ValueError(problem)
        return text.lower()

    return AfterValidator(check)


def _line_of(longest: int, shortest: int = 1) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=shortest, max_length=longest)


Text = Annotated[str, _line_of(300), AfterValidator(_one_line)]
Optional = Annotated[str, _line_of(300, 0), AfterValidator(_one_line)]
Paragraph = Annotated[str, _line_of(1000, 0), AfterValidator(_lines)]
Contact = Annotated[str, _line_of(300, 0), AfterValidator(_contact)]
Question = Annotated[str, _line_of(200), AfterValidator(_one_line), AfterValidator(_question)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Colours(_Table):
    """The accent, by what the reader's system is set to."""

    light: Annotated[str, _accent(LIGHT)] = "#1d4f73"
    dark: Annotated[str, _accent(DARK)] = "#93c4e8"

    @property
    def rgb(self) -> tuple[Rgb, Rgb]:
        """Light and dark."""
        return parse_hex(self.light), parse_hex(self.dark)


class Logo(_Table):
    """A PNG or SVG file, its path relative to the settings file; `alt` is what it says, empty where it is an ornament."""

    file: Text
    alt: Optional = ""
    _picture: Picture = PrivateAttr()

    @model_validator(mode="after")
    def _read(self, info: ValidationInfo) -> Logo:
        self._picture = read_logo((info.context or {}).get("folder", Path()) / self.file)
        return self

    @property
    def picture(self) -> Picture:
        """What is served."""
        return self._picture


class Contacts(_Table):
    """Whom to write to: e-mail or https addresses, empty where there is none."""

    errors: Contact = ""
    data_protection: Contact = ""
    accessibility: Contact = ""


class Legal(_Table):
    """The legal notice: who is responsible for the service, who directs its publication, who hosts it."""

    responsible: Paragraph = ""
    director: Optional = ""
    host: Paragraph = ""


class Site(_Table):
    """The whole file. What it leaves out is as it is here."""

    name: Annotated[str, _line_of(80), AfterValidator(_one_line)] = texts.TITLE
    networks: Text = texts.NETWORKS
    description: Text = texts.DESCRIPTION
    knows: Text = texts.KNOWS
    examples: Annotated[tuple[Question, ...], Field(min_length=1, max_length=8, strict=False)] = texts.EXAMPLES
    colours: Colours = Colours()
    logo: Logo | None = None
    contacts: Contacts = Contacts()
    legal: Legal = Legal()


def load_site(name: str) -> Site:
    """The settings in the file of that name, the defaults where it is empty. Raises SiteError."""
    if not name:
        return Site()
    path = Path(name)
    try:
        return Site.model_validate(_table(path), context={"folder": path.parent})
    except ValidationError as error:
        faults = "".join(f"\n  {_fault(fault)}" for fault in error.errors())
        raise SiteError(f"{path}: {error.error_count()} to mend (see ui/REGLAGES.md):{faults}") from None


def address_of(contact: str) -> str:
    """What a link to a contact points at."""
    return contact if contact.startswith("https://") else f"mailto:{contact}"


def _table(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_FILE + 1)
        if len(data) > _MAX_FILE:
            raise SiteError(f"{path}: has more than {_MAX_FILE // 1024} kB; is it the settings file of the site?")
        return tomllib.loads(data.decode("utf-8"))
    except OSError as error:
        raise SiteError(f"{path}: cannot be read: {error.strerror or error} (UI_SITE names it)") from None
    except UnicodeDecodeError as error:
        raise SiteError(f"{path}: is no UTF-8 at byte {error.start} (save it as UTF-8)") from None
    except tomllib.TOMLDecodeError as error:
        raise SiteError(f"{path}: is no TOML: {error}") from None


def _fault(fault: Any) -> str:  # noqa: ANN401 - pydantic's ErrorDetails, which only its core names
    where = ".".join(map(str, fault["loc"]))
    return f"{where or 'file'}: {fault['msg'].removeprefix('Value error, ')}"
