"""The repository itself: what is tracked, the locks, the Makefile, the import contracts, the brochure's bytes."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ingest.catalogue import load_catalogue

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
BROCHURE = "corpus/files/000_896921be2f1e2c9b.txt"
BROCHURE_SHA256 = "2c1be651a922591b4c230ba2938788e9cba2b2cb5052a77f43151095b0f150fb"
# First 16 hex digits of the SHA-256 of the package registries' domains: this file must not hold what it looks for.
REGISTRIES = frozenset(
    {"a4aa2ac280bb8d1a", "8b5bb5eb9d758455", "8743857e3ea00fd1", "75adac515f0bd3db", "84b6d88be25c5668"}
)
TARGETS = ("chat", "index", "update", "test", "check", "evals", "load", "release", "lock", "clean")


def git(*arguments: str) -> str:
    return subprocess.run(["git", "-C", ROOT, *arguments], check=True, capture_output=True, text=True).stdout


def make(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """GNU make as a person runs it, even when `make test` runs this: without the flags of a make above."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    command = ["make", "-f", str(ROOT / "Makefile"), *arguments]
    return subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True, text=True)


def locked(name: str) -> dict[str, Requirement]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    requirements = [Requirement(line) for line in lines if line and not line.startswith("-r ")]
    return {canonicalize_name(requirement.name): requirement for requirement in requirements}


def tracked_texts() -> dict[str, str]:
    texts = {}
    for name in git("ls-files", "-z").split("\0"):
        path = ROOT / name
        if path.is_file() and not path.is_symlink() and b"\0" not in (data := path.read_bytes()):
            texts[name] = data.decode("utf-8", errors="replace")
    return texts


def hashed_domains(text: str) -> set[str]:
    """The hashed last two labels of whatever looks like a host."""
    found = re.findall(r"(?:[a-z0-9-]+\.)+(?:org|com|io|net)\b", text.lower())
    return {hashlib.sha256(".".join(host.split(".")[-2:]).encode()).hexdigest()[:16] for host in found}


def test_no_tracked_file_names_a_machine_s_folder_or_a_package_registry() -> None:
    # Put together here, so that this file does not hold what it looks for.
    folders = [f"/{name}/" for name in ("work", "root", "home", "Users")]
    pattern = re.compile("|".join(rf"(?<![\w.~-]){re.escape(folder)}" for folder in folders))
    texts = tracked_texts()
    assert len(texts) > 20
    assert {name: found[0] for name, text in texts.items() if (found := pattern.search(text))} == {}
    assert {name: hosts for name, text in texts.items() if (hosts := REGISTRIES & hashed_domains(text))} == {}


def test_a_registry_is_known_by_its_hash_under_any_of_its_names() -> None:
    known = hashed_domains("see https://docs.example.org/simple/ and Example.com.")

    assert known == {hashlib.sha256(name).hexdigest()[:16] for name in (b"example.org", b"example.com")}


def test_nothing_is_tracked_that_a_build_or_a_tool_makes() -> None:
    made = re.compile(r"(^|/)(var|\.venv|__pycache__|\.hypothesis|\.[a-z_]*_cache)/|\.egg-info/")
    assert [name for name in git("ls-files").splitlines() if made.search(name)] == []


def test_the_brochure_is_the_one_that_was_given_and_git_leaves_its_bytes_alone() -> None:
    assert hashlib.sha256((ROOT / BROCHURE).read_bytes()).hexdigest() == BROCHURE_SHA256
    assert git("check-attr", "text", "--", BROCHURE).strip().endswith("text: unset")


def test_the_catalogue_names_every_file_of_the_corpus_and_only_files_that_exist() -> None:
    catalogue = load_catalogue(ROOT / "corpus")
    named = {publication.file for publication in catalogue.publications if publication.file}
    present = {
        path.relative_to(ROOT / "corpus").as_posix() for path in (ROOT / "corpus/files").rglob("*") if path.is_file()
    }
    assert catalogue.problems == ()
    assert named == present


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_has_exact_versions_without_local_label_hash_or_address(name: str) -> None:
    for requirement in locked(name).values():
        (specifier,) = requirement.specifier
        assert specifier.operator == "==", requirement
        assert re.fullmatch(r"[0-9][0-9a-z.]*", specifier.version), requirement
        assert requirement.url is None
    assert re.search(r"^--|://|--hash", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE) is None


def test_the_locks_hold_every_dependency_at_a_version_that_pyproject_allows() -> None:
    runtime, dev = locked("requirements.lock"), locked("requirements-dev.lock")
    wanted = [(text, runtime) for text in PYPROJECT["project"]["dependencies"]]
    wanted += [(text, runtime | dev) for text in PYPROJECT["project"]["optional-dependencies"]["dev"]]
    for text, lock in wanted:
        requirement = Requirement(text)
        (pin,) = lock[canonicalize_name(requirement.name)].specifier
        assert requirement.specifier.contains(pin.version), text
    assert str(runtime["torch"]) == "torch==2.13.0"


def test_the_dev_lock_starts_from_the_runtime_lock_and_repeats_none_of_it() -> None:
    first = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8").splitlines()[0]
    assert first == "-r requirements.lock"
    assert locked("requirements.lock").keys().isdisjoint(locked("requirements-dev.lock"))


def test_torch_s_cuda_packages_are_left_to_the_install() -> None:
    names = [*locked("requirements.lock"), *locked("requirements-dev.lock")]
    assert [name for name in names if name.startswith(("nvidia-", "cuda-", "triton"))] == []


def test_every_dependency_says_why_it_is_there() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    start = lines.index("dependencies = [")
    end = next(number for number, line in enumerate(lines) if line.startswith("[tool."))
    dependencies = [line for line in lines[start:end] if re.match(r'\s+"', line)]
    project = PYPROJECT["project"]
    extras = project["optional-dependencies"].values()
    assert len(dependencies) == len(project["dependencies"]) + sum(map(len, extras))
    assert [line for line in dependencies if not re.search(r'",\s+# \S.{10,}$', line)] == []


def test_the_licence_is_the_whole_eupl_1_2() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert PYPROJECT["project"]["license"] == "EUPL-1.2"
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\n")
    assert [int(number) for number in re.findall(r"^(\d+)\.[A-Z]", text, re.MULTILINE)] == list(range(1, 16))
    assert "Mozilla Public Licence (MPL) v. 2" in text.split("‘Compatible Licences’ according to Article 5")[1]


def test_make_alone_lists_every_target() -> None:
    listed = re.findall(r"^  make ([a-z]+)", make().stdout, re.MULTILINE)
    assert set(listed) == {"help", *TARGETS}


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_can_be_made(target: str) -> None:
    done = make("--dry-run", target)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize(("target", "module"), [("chat", "ui"), ("test", "pytest"), ("evals", "evals gate")])
def test_a_target_s_last_words_are_the_program_s_own(target: str, module: str) -> None:
    assert make("--dry-run", target).stdout.splitlines()[-1] == f".venv/bin/python -m {module}"


def test_the_evals_go_on_with_a_chat_model_where_one_is_set() -> None:
    assert make("--dry-run", "evals", "CHAT_MODEL=openai:x").stdout.splitlines()[-2:] == [
        ".venv/bin/python -m evals gate",
        ".venv/bin/python -m evals chat",
    ]
    assert "evals chat" not in make("--dry-run", "evals", "CHAT_MODEL=").stdout


def test_an_environment_is_installed_once_for_each_lock(tmp_path: Path) -> None:
    (tmp_path / "requirements.lock").write_text("# nothing to install\n", encoding="utf-8")
    first = make(".venv/.installed", f"PYTHON={sys.executable}", folder=tmp_path)
    again = make(".venv/.installed", f"PYTHON={sys.executable}", folder=tmp_path)
    later = (tmp_path / ".venv/.installed").stat().st_mtime + 5
    os.utime(tmp_path / "requirements.lock", (later, later))
    changed = make(".venv/.installed", f"PYTHON={sys.executable}", folder=tmp_path)
    assert [done.returncode for done in (first, again, changed)] == [0, 0, 0]
    assert "Installing" in first.stderr
    assert "Installing" not in again.stderr
    assert "Installing" in changed.stderr


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ('[ "$1" = --version ] && echo Python 3.9.2; exit 1', "python is Python 3.9.2, expected Python 3.11 or newer"),
        (
            'case "$2" in *ensurepip*) exit 1;; esac',
            "has no venv module (on Debian and Ubuntu: apt-get install python3-venv)",
        ),
    ],
)
def test_a_python_that_will_not_do_is_refused_with_what_to_do(tmp_path: Path, script: str, message: str) -> None:
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    python.chmod(0o755)
    (tmp_path / "requirements.lock").touch()
    done = make("chat", f"PYTHON={python}", folder=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_ci_runs_check_then_test_and_nothing_after() -> None:
    lines = (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()
    assert os.access(ROOT / ".ci/run", os.X_OK)
    assert git("ls-files", "--stage", ".ci/run").startswith("100755")
    assert [line for line in lines if line and not line.startswith("#")][-2:] == ["make check", "exec make test"]
    assert subprocess.run(["bash", "-n", ROOT / ".ci/run"], check=False).returncode == 0


def lint_imports(folder: Path, files: dict[str, str]) -> tuple[int, str]:
    """The contracts of pyproject.toml over a house with these modules and no others."""
    for package in ("ingest/index", "ingest/repair", "rag/chat", "ui", "evals"):
        (folder / package).mkdir(parents=True)
    for package in ("ingest", "ingest/index", "ingest/repair", "rag", "rag/chat", "ui", "evals"):
        (folder / package / "__init__.py").touch()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    shutil.copy(ROOT / "pyproject.toml", folder)
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"]
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def test_the_import_contracts_allow_the_house_as_it_is_meant(tmp_path: Path) -> None:
    files = {
        "ingest/index/store.py": "import chromadb.config\n",
        "ingest/index/embedder.py": "import torch\nfrom sentence_transformers import SentenceTransformer\n",
        "ingest/index/lexical.py": "import bm25s\n",
        "ingest/repair/lexicon.py": "import hunspell\n",
        "ingest/index/index.py": "from ingest.index import embedder, lexical, store\n",
        "rag/retrieve.py": "from ingest.index import index\n",
        "rag/chat/providers.py": "import httpx\nfrom langchain.chat_models import init_chat_model\n",
        "ui/chat.py": "import gradio\nfrom rag import retrieve\n",
        "evals/run.py": "from rag import retrieve\nfrom ingest import index\n",
    }
    status, output = lint_imports(tmp_path, files)
    assert status == 0, output


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ingest/build.py", "import rag\n"),
        ("rag/pipeline.py", "import ui\n"),
        ("rag/pipeline.py", "from evals import measures\n"),
        ("ui/chat.py", "import evals\n"),
        ("rag/retrieve.py", "import chromadb\n"),
        ("ui/app.py", "def load() -> None:\n    import gradio\n"),
        ("ingest/build.py", "import torch\n"),
        ("rag/retrieve.py", "from sentence_transformers import CrossEncoder\n"),
        ("ingest/repair/steps.py", "import hunspell\n"),
        ("rag/retrieve.py", "import bm25s\n"),
        ("ingest/fetch.py", "import httpx\n"),
        ("rag/compose.py", "import langchain.chat_models\n"),
        ("rag/chat/client.py", "from langchain_openai import ChatOpenAI\n"),
        ("rag/chat/providers.py", "import langchain_mistralai\n"),
        ("rag/chat/client.py", "import httpx\n"),
    ],
)
def test_the_import_contracts_refuse_what_leaves_its_room(tmp_path: Path, name: str, text: str) -> None:
    status, output = lint_imports(tmp_path, {name: text, "evals/measures.py": ""})
    assert status == 1, output
    assert "BROKEN" in output
