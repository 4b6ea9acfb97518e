"""The organiser's console: type-checked and bundled from `layers/console` into `build/console`.

The names of the script and the style change with their content, so that browsers may keep them for ever.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "layers" / "console"
_BIN = Path(sys.executable).parent
_ENTRIES = ("src/main.tsx", "src/style.css")
_TARGET = "es2023,chrome123,firefox128,safari17.5"


class ConsoleFailed(Exception):
    """A tool said no; the message is what it said."""


def bundle(folder: Path, source: Path = SOURCE) -> None:
    """Write the page, its script and its style to that folder, in place of what was there. Raises `ConsoleFailed`."""
    install(source)
    with TemporaryDirectory() as scratch:
        made = Path(scratch) / "console"
        _esbuild(source, made)
        page = (source / "src" / "page.html").read_text(encoding="utf-8")
        for path in made.iterdir():
            page = page.replace(f"console{path.suffix}", f"console/{path.name}")
        (made / "index.html").write_text(page, encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(made, folder)


def check(source: Path = SOURCE) -> None:
    """Raises `ConsoleFailed` with every type that does not fit."""
    install(source)
    _run([str(_tool(source, "tsc")), "--noEmit"], source)


def install(source: Path = SOURCE) -> None:
    """Fetch the tools that the lock file names, unless they are here. Raises `ConsoleFailed`."""
    lock, mark = source / "package-lock.json", source / "node_modules" / ".package-lock.json"
    if not mark.exists() or mark.stat().st_mtime < lock.stat().st_mtime:
        _run([str(_BIN / "npm"), "ci", "--loglevel=error", "--ignore-scripts"], source)
        mark.touch()


def _esbuild(source: Path, folder: Path) -> None:
    how = ["--bundle", "--minify", "--format=iife", f"--target={_TARGET}", "--jsx=automatic"]
    how += ["--jsx-import-source=preact", "--charset=utf8", "--legal-comments=none", "--log-level=warning"]
    names = [f"--outdir={folder}", "--entry-names=console-[hash]"]
    _run([str(_tool(source, "esbuild")), *_ENTRIES, *how, *names], source)


def _tool(source: Path, name: str) -> Path:
    return source / "node_modules" / ".bin" / name


def _run(command: list[str], folder: Path) -> None:
    env = {**os.environ, "PATH": f"{_BIN}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ConsoleFailed(f"{Path(command[0]).name} failed:\n{done.stdout}{done.stderr}")


def main() -> int:
    """The command; 1 when anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m infra.console", description="Check the console's types.")
    parser.parse_args()
    try:
        check()
    except ConsoleFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
