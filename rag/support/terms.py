"""The terms by which a written sentence and its evidence are compared: the index's, past participles in -u brought together.

In: text. Out: terms in order. Pure; refuses nothing.
"""

from __future__ import annotations

from functools import lru_cache

from ingest.index.analyser import analyse


@lru_cache(maxsize=4096)
def terms_of(text: str) -> tuple[str, ...]:
    """In order, repeated as often as they occur.

    The analyser has one term for "soutenus" and another for "soutenu"; an index keeps them apart, and who rewords mixes them.
    """
    return tuple(term.removesuffix("u") if len(term) > 4 else term for term in analyse(text))
