"""Whatever an answer must say besides its quotations, it keeps its bound of words."""

from __future__ import annotations

import re

import pytest

from rag.answer import Filters, Status
from rag.compose import MAX_WORDS
from rag.pipeline import Assistant


@pytest.mark.parametrize(
    "filters",
    [Filters(), Filters(territory="Corse"), Filters(since="2031"), Filters(territory="Corse", since="2031")],
)
def test_notes_on_filters_count_as_words(assistant: Assistant, filters: Filters) -> None:
    for question in ("Comment associer les habitants ?", "Comment soutenir l'ESS dans les quartiers ?"):
        answer = assistant.ask(question, filters=filters)
        words = len(re.sub(r"\[\d+\]", " ", answer.text).split())

        assert answer.status is Status.ANSWERED
        assert words <= MAX_WORDS, answer.text
