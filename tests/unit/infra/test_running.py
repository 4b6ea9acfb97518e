"""The limits, alarms and names in docs/running.md are those of the code and the template."""

import re
from pathlib import Path
from typing import Any

import pytest

from guestlist.imports.slots import MAX_WORKERS
from infra.administration.commands import parser

PAGE = (Path(__file__).parents[3] / "docs" / "running.md").read_text(encoding="utf-8")
RUNNING = PAGE.partition("\n## Operating\n")[2].partition("\n## ")[0]
COMMANDS = re.compile(
    r"(?:organisers|tokens|dead-letters|imports) (?:create|show|list|rotate|revoke|replay|stuck|resume|fail)\b"
)


def test_every_alarm_has_its_row_and_every_row_its_alarm(resources: dict[str, dict[str, Any]]) -> None:
    rows = [line.split("|")[1] for line in RUNNING.splitlines() if line.startswith("| `")]
    described = [name for row in rows for name in re.findall(r"`(\w+Alarm)`", row)]
    assert sorted(described) == sorted(
        name for name, one in resources.items() if one["Type"] == "AWS::CloudWatch::Alarm"
    )


@pytest.mark.parametrize("command", sorted(set(COMMANDS.findall(RUNNING))))
def test_every_documented_command_exists(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(["--stage", "live", *command.split(), "--help"])
    assert ended.value.code == 0
    assert f"{command} [-h]" in capsys.readouterr().out


def test_the_documented_limits_are_those_of_the_template(resources: dict[str, dict[str, Any]]) -> None:
    properties = {name: one.get("Properties", {}) for name, one in resources.items()}
    workers = [one["ScalingConfig"] for one in properties.values() if "ScalingConfig" in one]
    (methods,) = [one["MethodSettings"][0] for one in properties.values() if "MethodSettings" in one]
    assert len(workers) == RUNNING.count("(`MaximumConcurrency`")
    assert all(f"| {one['MaximumConcurrency']} (`MaximumConcurrency`" in RUNNING for one in workers)
    assert f"One organiser has {MAX_WORKERS} at once" in RUNNING
    assert f"{methods['ThrottlingRateLimit']:,} a second, {methods['ThrottlingBurstLimit']} at once" in RUNNING
    assert f"{properties['ImportFiles']['EphemeralStorage']['Size'] // 1024} GB of disk" in RUNNING
