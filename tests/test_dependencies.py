"""What runs has all it needs where only requirements.lock was installed: `make chat`, `make update`."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ingest.digests import LIBRARIES

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("ingest", "rag", "ui", "evals")


def runtime() -> set[str]:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    return {canonicalize_name(Requirement(line).name) for line in lines if line}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


# What needs a package for developers: who makes a release has plots, `make load` has locust, who serves the chat neither.
# Who has a chat model has the extra of its provider.
FOR_DEVELOPERS = {
    "evals/benchmark/tutorial.py: langchain_text_splitters",
    "evals/release_report/plots.py: matplotlib",
    "ui/load/locustfile.py: locust",
    "rag/chat/providers.py: langchain",
}


def test_every_package_that_is_imported_is_one_of_run_time() -> None:
    distributions = packages_distributions()
    missing = {
        f"{path.relative_to(ROOT)}: {name}"
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        for name in set(imported(path)) - {*sys.stdlib_module_names, *ROOMS}
        if not {canonicalize_name(found) for found in distributions.get(name, ())} & runtime()
    }

    assert missing == FOR_DEVELOPERS


def test_what_serves_the_chat_and_gates_a_build_does_not_import_what_draws_plots() -> None:
    rooms = "import evals.cli, ingest.cli, rag.cli, ui.__main__, sys; sys.exit('matplotlib' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", rooms], cwd=ROOT, check=False).returncode == 0


def test_what_answers_without_a_chat_model_imports_no_provider_and_no_package_of_one() -> None:
    names = "('langchain', 'langchain_openai', 'langchain_mistralai', 'openai', 'tiktoken')"
    rooms = "import rag.cli, rag.pipeline, rag.chat.client, rag.chat.settings, ui.__main__, sys\n"
    asked = f"{rooms}sys.exit(any(name in sys.modules for name in {names}))"

    assert subprocess.run([sys.executable, "-c", asked], cwd=ROOT, check=False).returncode == 0


def test_libraries_whose_versions_are_asked_for_are_installed_at_run_time() -> None:
    assert {canonicalize_name(name) for name in LIBRARIES} <= runtime()
