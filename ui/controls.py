"""What of an answer can be acted on, and what is said of how it was made. Pure; the buttons do nothing without our script.

The chat's sanitiser leaves `class` and `id` of a button and takes everything else: our script knows them by their class.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer import WRITTEN, Answer, Status
from rag.phrases import FRENCH
from rag.request import clean_question
from ui import texts
from ui.escaping import ours, plain, unseen

_BUILD_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})T\d{6}Z")


def understood(answer: Answer, *, active: bool = True) -> str:
    """What was searched, where it is not what was typed: a follow-up completed, words mended."""
    searched = answer.question_understood
    if not searched or " ".join(searched.split()) == " ".join(answer.question.split()):
        return ""
    edit = f' <button class="edit">{ours(texts.EDIT)}{unseen(f" {texts.EDIT_WHAT}")}</button>' if active else ""
    return f'<p class="understood">{ours(texts.UNDERSTOOD)}\u00a0: <span>{plain(searched)}</span>{edit}</p>'


def filters(answer: Answer) -> str:
    """On which page it was asked, what the search was narrowed to, what would have left nothing: in words, not by looks alone.

    What was read out of the question can be taken away there; what was typed in is taken away where it was typed.
    """
    page = _page_button(page_lines(answer))
    read = answer.understood_filters.to_json()
    items = [
        f"<li>{_removable(name, value) if name in read else ours(value)}</li>"
        for name, value in FRENCH.filter_values(answer.filters).items()
    ]
    dropped = FRENCH.filter_values(answer.dropped_filters).values()
    items += [f'<li class="dropped">{ours(f"{value} ({texts.NO_EFFECT})")}</li>' for value in dropped]
    held = f'<div class="held"><p>{ours(texts.FILTERS_HELD)}</p><ul>{"".join(items)}</ul></div>' if items else ""
    return page + held


def page_lines(answer: Answer) -> tuple[str, ...]:
    """On which page the question was asked, by its title alone; and what not having read that page means for the answer."""
    if answer.on_page is None or answer.status is Status.ERROR:
        return ()
    title = clean_question(answer.on_page.title)
    asked = texts.ASKED_ON.format(title=title) if title else texts.ASKED_ON_UNTITLED
    if answer.on_page.publication_id is not None:
        return (asked,)
    return (asked, texts.PAGE_UNREAD_ANSWERED if answer.status is Status.ANSWERED else texts.PAGE_UNREAD)


def made(answer: Answer) -> str:
    """How the answer was made, and the day of the index that it was made from."""
    how = ""
    if answer.status is Status.ANSWERED:
        extracted = texts.EXTRACTED_INSTEAD if answer.fallback else texts.EXTRACTED
        how = texts.WRITTEN if answer.composer == WRITTEN else extracted
    day = _BUILD_DAY.match(answer.index_build)
    index = texts.index_day("-".join(day.groups())) if day else ""
    said = " ".join(filter(None, (how, index)))
    return f'<p class="made">{ours(said)}</p>' if said else ""


def tools(answer: Answer) -> str:
    """Copying, asking for more, and saying whether it was useful. The chat's page hides the last where nobody listens."""
    more = f'<button class="more">{ours(texts.MORE)}</button>' if answer.more else ""
    copy = f'<button class="copy">{ours(texts.COPY)}</button>' if answer.citations else ""
    useful = (
        f'<span class="feedback"><span>{ours(texts.WAS_IT_USEFUL)}</span> '
        f'<button class="useful">{ours(texts.USEFUL)}</button> <button class="useless">{ours(texts.USELESS)}</button></span>'
    )
    return f'<div class="tools">{more}{copy}{useful}</div>'


def _page_button(lines: Sequence[str]) -> str:
    """Those lines, the first with a way to ask again without the page."""
    if not lines:
        return ""
    asked, *unread = lines
    said = "".join(f"<p>{ours(line)}</p>" for line in unread)
    return f'<div class="held on-page"><ul><li>{_removable("on_page", asked)}</li></ul>{said}</div>'


def _removable(name: str, value: str) -> str:
    opening, closing = texts.DECLINE.split("{filter}")
    return f'<button class="remove f-{name}">{unseen(opening)}<span class="what">{ours(value)}</span>{unseen(closing)}</button>'
