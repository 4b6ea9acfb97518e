"""The console as it is packaged."""

import re
import zipfile
from pathlib import Path
from typing import Any

from infra import console
from infra.template import CONSOLE

Resources = dict[str, dict[str, Any]]


def test_the_page_names_its_script_and_its_style_and_nothing_else(build: Path) -> None:
    with zipfile.ZipFile(build / CONSOLE) as layer:
        page = layer.read("python/console/index.html").decode()
        parts = {name.removeprefix("python/") for name in layer.namelist()} - {"console/index.html"}
    assert set(re.findall(r'(?:src|href)="([^":]+)"', page)) == parts
    assert {Path(part).suffix for part in parts} == {".js", ".css"}


def test_the_console_belongs_to_the_api_alone(packaged: dict[str, Any]) -> None:
    functions = {
        name: one["Properties"].get("Layers", [])
        for name, one in packaged["Resources"].items()
        if one["Type"] == "AWS::Serverless::Function"
    }
    assert [name for name, layers in functions.items() if {"Ref": "ConsoleLayer"} in layers] == ["APIHandler"]


def test_the_same_sources_make_the_same_page(build: Path, tmp_path: Path) -> None:
    console.bundle(tmp_path / "console")
    made = {path.name: path.read_bytes() for path in (tmp_path / "console").iterdir()}
    assert made == {name: (build / "console" / name).read_bytes() for name in made}
