"""The organiser's console and the API reference: type-checked and bundled from `layers/console` into `build/console`.

The names of scripts and styles contain a digest of their content, so that browsers may cache them for ever. Two
libraries, pinned by the lock file, are loaded only where they are needed: the API viewer by the page at `/docs`, and
the reader of workbooks by a worker that the console starts when one is dropped.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "layers" / "console"
CATALOGUE = ROOT / "layers" / "guestlist" / "python" / "guestlist" / "messages"
DOCUMENT = ROOT / "functions" / "chalicelib" / "openapi.json"
_BIN = Path(sys.executable).parent
_NOT_SHOWN = {
    "api",
    "mail",
    "welcome",
    "unsubscribe",
    "notice",
    "explain",
    "import_reason",
    "import_advice",
    "import_detail",
}
_NOT_SHOWN |= {"confirm", "month", "date", "number"}
_FROM_DETAIL = {
    "fault.empty",
    "fault.immutable",
    "fault.one_of_two",
    "fault.out_of_range",
    "fault.url_not_allowed",
    "problem.quantity_too_high",
    "problem.superseded",
    "problem.version_expired",
}
"""Code words with several messages that suit everybody: the console shows `detail`, which is in its language."""
_VIEWER = "swagger-ui-dist"
_WORKER = "workbook"
_LICENCES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "console": (
        ("preact", "LICENSE"),
        ("@preact/signals", "LICENSE"),
        ("@preact/signals-core", "LICENSE"),
        ("punycode", "LICENSE-MIT.txt"),
    ),
    _VIEWER: ((_VIEWER, "LICENSE"), (_VIEWER, "NOTICE"), (_VIEWER, "swagger-ui-es-bundle.js.LICENSE.txt")),
    "read-excel-file": (("read-excel-file", "LICENSE"), ("fflate", "LICENSE"), ("saxen", "LICENSE")),
}
"""The licences of the shipped libraries and of everything bundled with them, which must be shipped too."""
_TARGET = "es2023,chrome123,firefox128,safari17.5"


class Page(NamedTuple):
    """A page: its file in the layer, its source, and the name of its script and style."""

    file: str
    source: str
    name: str
    entries: tuple[str, str]


PAGES = (
    Page("index.html", "src/page.html", "console", ("src/main.tsx", "src/style.css")),
    Page("docs.html", "src/docs/docs.html", "docs", ("src/docs/docs.ts", "src/docs/docs.css")),
)


class ConsoleFailed(Exception):
    """A tool failed; the message is its output."""


def bundle(folder: Path, source: Path = SOURCE) -> None:
    """Write the pages, their scripts and styles to the folder, replacing its content. Raises `ConsoleFailed`."""
    install(source)
    messages(source)
    with TemporaryDirectory() as scratch:
        output = Path(scratch) / "console"
        worker = _worker(source, output)
        for page in PAGES:
            _page(page, source, output, worker)
        for name, texts in _LICENCES.items():
            licences = (source / "node_modules" / package / file for package, file in texts)
            text = "\n".join(path.read_text(encoding="utf-8") for path in licences)
            (output / f"{name}.LICENSE.txt").write_text(text, encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(output, folder)


def check(source: Path = SOURCE, document: Path = DOCUMENT) -> None:
    """Check format, lint, types and the API's document. Raises `ConsoleFailed` with the first tool's errors."""
    install(source)
    _run([str(_tool(source, "biome")), "check", "--error-on-warnings", "--colors=off", "."], source)
    generate(source, document)
    _run([str(_tool(source, "tsc")), "--noEmit"], source)


def format_sources(source: Path = SOURCE) -> None:
    """Format the sources and fix what is safe to fix. Raises `ConsoleFailed` with what is left."""
    install(source)
    _run([str(_tool(source, "biome")), "check", "--write", "--error-on-warnings", "--colors=off", "."], source)


def generate(source: Path = SOURCE, document: Path = DOCUMENT) -> None:
    """Generate the messages, and the types of requests and responses in the API's document.

    Raises `ConsoleFailed`.
    """
    messages(source)
    how = ["--immutable", "--default-non-nullable=false", "--output", str(source / "generated" / "openapi.d.ts")]
    _run([str(_tool(source, "openapi-typescript")), str(document), *how], source)


def messages(source: Path = SOURCE, catalogue: Path = CATALOGUE) -> None:
    """Write the messages of code words as a module, a table for each language, without those of mails and the API."""
    tables = []
    for path in sorted(catalogue.glob("*.json")):
        texts = json.loads(path.read_text(encoding="utf-8"))
        used = {key: text for key, text in texts.items() if _is_bundled(key)}
        tables.append(f"export const {path.stem} = {json.dumps(used, ensure_ascii=False)};\n")
    (source / "generated").mkdir(exist_ok=True)
    (source / "generated" / "messages.ts").write_text("".join(tables), encoding="utf-8")


def _is_bundled(key: str) -> bool:
    return key.partition(".")[0] not in _NOT_SHOWN and ".".join(key.split(".")[:2]) not in _FROM_DETAIL


def install(source: Path = SOURCE) -> None:
    """Install the tools of the lock file, unless they are installed. Raises `ConsoleFailed`."""
    lock, mark = source / "package-lock.json", source / "node_modules" / ".package-lock.json"
    if not mark.exists() or mark.stat().st_mtime < lock.stat().st_mtime:
        _run([str(_BIN / "npm"), "ci", "--loglevel=error", "--ignore-scripts"], source)
        mark.touch()


def _worker(source: Path, folder: Path) -> str:
    """Bundle the worker that reads workbooks, and return the name of its script."""
    _esbuild(source, folder, _WORKER, "src/workbook/worker.ts")
    (script,) = folder.glob(f"{_WORKER}-*.js")
    return script.name


def _page(page: Page, source: Path, folder: Path, worker: str) -> None:
    how = ["--jsx=automatic", "--jsx-import-source=preact", f'--define:WORKBOOK_SCRIPT="console/{worker}"']
    _esbuild(source, folder, page.name, *page.entries, *how)
    text = (source / page.source).read_text(encoding="utf-8")
    for path in folder.glob(f"{page.name}-*"):
        text = text.replace(f'"{page.name}{path.suffix}"', f'"console/{path.name}"')
    (folder / page.file).write_text(text, encoding="utf-8")


def _esbuild(source: Path, folder: Path, name: str, *options: str) -> None:
    how = ["--bundle", "--minify", "--format=iife", f"--target={_TARGET}", "--charset=utf8", "--legal-comments=none"]
    names = [f"--outdir={folder}", f"--entry-names={name}-[hash]", "--log-level=warning"]
    _run([str(_tool(source, "esbuild")), *options, *how, *names], source)


def _tool(source: Path, name: str) -> Path:
    return source / "node_modules" / ".bin" / name


def _run(command: list[str], folder: Path) -> None:
    env = {**os.environ, "PATH": f"{_BIN}{os.pathsep}{os.environ['PATH']}"}
    completed = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    if completed.returncode:
        raise ConsoleFailed(f"{Path(command[0]).name} failed:\n{completed.stdout}{completed.stderr}")


def main() -> int:
    """Run the command; 1 on failure."""
    parser = argparse.ArgumentParser(prog="python -m infra.console", description="Check the console's sources.")
    parser.add_argument("--format", action="store_true", help="format them instead")
    arguments = parser.parse_args()
    try:
        format_sources() if arguments.format else check()
    except ConsoleFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
