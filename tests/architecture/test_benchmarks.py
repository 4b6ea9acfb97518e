"""Benchmarks import modules while they run; this finds imports that no longer exist without running them."""

import ast
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "tests" / "benchmarks").rglob("*.py"))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_every_module_that_a_benchmark_imports_exists(module: Path):
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("tests.", "guestlist.", "infra.")):
            missing = [one.name for one in node.names if not _is_there(str(node.module), one.name)]
            assert missing == []


def _is_there(module: str, name: str) -> bool:
    """Whether the module has that name, or is a package with a module of that name."""
    loaded_module = import_module(module)
    return hasattr(loaded_module, name) or (
        hasattr(loaded_module, "__path__") and find_spec(f"{module}.{name}") is not None
    )
