"""The README's first import and first check, run as they stand there."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FIRST = "<!-- tested: tests/acceptance/test_readme.py runs every line -->\n```bash\n"
CLIENT = "<!-- tested: tests/acceptance/test_readme.py runs it -->\n```python\n"


def block(start: str, address: str) -> str:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return text.partition(start)[2].partition("```")[0].replace("http://127.0.0.1:8000", address)


def test_the_first_import_the_first_check_and_the_client_do_what_they_say(address: str, tmp_path: Path) -> None:
    commands = block(FIRST, address)
    assert commands.count(address) == 4
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    answers = [json.loads(line) for line in ran.stdout.replace("}{", "}\n{").splitlines()]
    imported, checked, taken = answers
    assert (imported["status"], imported["counts"]["imported"]) == ("complete", 2)
    (grant,) = (one for one in checked["code"]["grants"] if one["group"] == "Friends of the house")
    assert (checked["code"]["valid"], grant["remaining"]) == (True, 2)
    assert (taken["status"], taken["remaining"]) == ("redeemed", 0)
    client = block(CLIENT, address)
    assert client.count(address) == 1
    subprocess.run([sys.executable, "-c", client], cwd=tmp_path, timeout=60, check=True)
