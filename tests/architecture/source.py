"""The project's own source, parsed for the laws."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
LAYER = ROOT / "layers" / "guestlist" / "python"
FUNCTIONS = ROOT / "functions"
INFRA = ROOT / "infra"


@dataclass(frozen=True)
class Source:
    """One module: where it stands, what it is imported as, and its syntax."""

    path: Path
    module: str
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """The path from the project's folder."""
        return str(self.path.relative_to(ROOT))

    @property
    def package(self) -> str:
        """The package of its concept, such as `purchases` or `aws`; empty for what stands at the top."""
        parts = self.module.split(".")
        return parts[1] if len(parts) > 2 else ""

    def is_store(self) -> bool:
        """Whether it is a store, which uses the table or the bucket."""
        return any(within(name, ("guestlist.aws",)) for name in self.imported())

    @cached_property
    def nodes(self) -> Sequence[ast.AST]:
        """Every node of its syntax."""
        return list(ast.walk(self.tree))

    def imported(self) -> set[str]:
        """Every module that is imported anywhere in it, for types too, by its full name."""
        return self._imported

    @cached_property
    def _imported(self) -> set[str]:
        names: set[str] = set()
        for node in self.nodes:
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                base = "." * node.level + (node.module or "")
                names |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
        return names

    def calls(self) -> Iterator[tuple[int, str]]:
        """The line and the callee, as written, of every call."""
        for node in self.nodes:
            if isinstance(node, ast.Call):
                yield node.lineno, ast.unparse(node.func)

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Every function and method."""
        for node in self.nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node


def ours(*more: Path) -> tuple[Source, ...]:
    """The modules of the layer and of the functions, and those below these folders."""
    return modules(LAYER, FUNCTIONS, *more)


def modules(*folders: Path) -> tuple[Source, ...]:
    """The modules below these folders. Not to be called at import: parsing takes seconds, in every test process."""
    return tuple(source for folder in folders for source in _modules(folder))


@cache
def _modules(folder: Path) -> tuple[Source, ...]:
    return tuple(_source(path, folder) for path in sorted(folder.rglob("*.py")))


def _source(path: Path, folder: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    parts = [*path.relative_to(folder).parts[:-1], *([] if path.stem == "__init__" else [path.stem])]
    return Source(path, ".".join(parts), text, ast.parse(text))


def planted(module: str, text: str) -> Source:
    """A module that does not exist, with a violation that a law must find."""
    folder = LAYER if within(module, ("guestlist",)) else FUNCTIONS
    return Source(folder / f"{module.replace('.', '/')}.py", module, text, ast.parse(text))


def layer(sources: Iterable[Source]) -> list[Source]:
    """The modules of the layer."""
    return [source for source in sources if within(source.module, ("guestlist",))]


def domain(sources: Iterable[Source]) -> list[Source]:
    """The modules of the layer without the platform and the stores."""
    return [source for source in layer(sources) if source.package != "aws" and not source.is_store()]


def within(name: str, packages: tuple[str, ...]) -> bool:
    """Whether that module is one of the packages or in one."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)
