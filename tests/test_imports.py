"""The house's one-way doors: who may import whom, read from the code itself."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("datasets", "models", "detector", "training", "pipeline", "api")

MAY_IMPORT = {
    "datasets": {"datasets"},
    "models": {"models"},
    "detector": {"detector", "models", "datasets"},
    "training": {"training", "detector", "models", "datasets"},
    "pipeline": {"pipeline", "detector", "models", "datasets"},
    "api": {"api", "pipeline", "detector", "models", "datasets"},
}
PIPELINE_ORDER = (
    "domain",
    "clock",
    "files",
    "settings",
    "db",
    "deadlines",
    "organisation",
    "accounts",
    "ledger",
    "intake",
    "footage",
    "sightings",
    "candidates",
    "review",
    "dispatch",
    "verification",
    "statistics",
    "jobs",
    "bootstrap",
)
HEAVY = {"torch", "ultralytics"}


def _modules() -> list[tuple[str, Path]]:
    return [
        (folder, path)
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "node_modules" not in path.parts
    ]


def _imports(tree: ast.Module, *, top_level_only: bool = False) -> list[str]:
    nodes = tree.body if top_level_only else list(ast.walk(tree))
    names = []
    for node in nodes:
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names.append("." * node.level + (node.module or ""))
    return names


@pytest.mark.parametrize(("folder", "path"), _modules(), ids=lambda v: str(v))
def test_imports_only_downward(folder: str, path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    at_top = set(_imports(tree, top_level_only=True))
    for name in _imports(tree):
        assert not name.startswith("."), f"relative import {name}"
        head = name.split(".")[0]
        assert head not in FOLDERS, f"bare import {name}: write zoubian.{name}"
        if head in HEAVY:
            assert folder == "training", f"{name} belongs to training/"
            assert name not in at_top, f"import {name} inside the function that needs it"
        if head == "zoubian":
            target = name.split(".")[1]
            if folder == "api" and target == "training":
                assert name not in at_top, f"import {name} inside the function that needs it"
                continue
            assert target in MAY_IMPORT[folder], f"{folder} must not import {name}"


def _pipeline_room(path: Path) -> str:
    relative = path.relative_to(ROOT / "pipeline")
    return relative.parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", sorted((ROOT / "pipeline").rglob("*.py")), ids=str)
def test_pipeline_rooms_follow_the_data(path: Path) -> None:
    room = _pipeline_room(path)
    if room == "__init__":
        return
    if "migrations" in path.parts:
        return  # a migration's environment sees every table
    assert room in PIPELINE_ORDER, f"{room} has no place in the order"
    rank = PIPELINE_ORDER.index(room)
    for name in _imports(ast.parse(path.read_text(encoding="utf-8"))):
        parts = name.split(".")
        if parts[:2] == ["zoubian", "pipeline"] and len(parts) > 2:
            assert PIPELINE_ORDER.index(parts[2]) <= rank, f"{room} must not import {name}"


def test_domain_needs_the_standard_library_only() -> None:
    for path in sorted((ROOT / "pipeline" / "domain").rglob("*.py")):
        for name in _imports(ast.parse(path.read_text(encoding="utf-8"))):
            head = name.split(".")[0]
            own = name.startswith("zoubian.pipeline.domain")
            assert own or head in sys.stdlib_module_names, f"{path.name} imports {name}"
