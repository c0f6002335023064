"""`python -m tests.gradio_routes`: every route of the application that holds Gradio, as JSON: `[["GET", "/config"], ...]`.

A process of its own, because Gradio leaves event loops open where it is built and not served.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from starlette.routing import BaseRoute, Mount

from tests.viewed import NoAnswers
from ui.chat import build_chat
from ui.site import Site


def walk(routes: Sequence[BaseRoute], before: str = "") -> Iterator[tuple[str, str]]:
    """Method and path of every route, those of mounted applications and included routers too."""
    for route in routes:
        path = before + getattr(route, "path", "")
        included = getattr(route, "original_router", None)  # FastAPI resolves it when it is asked
        if included is not None:
            yield from walk(included.routes, before + route.include_context.prefix)  # type: ignore[attr-defined]
            continue
        inner = getattr(route, "routes", None) or getattr(getattr(route, "app", None), "routes", None)
        if inner:
            yield from walk(inner, path if isinstance(route, Mount) else before)
        else:
            for method in sorted(getattr(route, "methods", None) or {"GET", "POST"}):
                yield method, path


if __name__ == "__main__":
    print(json.dumps(sorted(set(walk(build_chat(NoAnswers(), Site()).routes)))))
