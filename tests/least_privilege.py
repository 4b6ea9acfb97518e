"""A run of the whole acceptance suite also proves the policies: nothing missing, nothing spare.

Each process has a stack of its own, whose record is handed to the process that the run was begun in. What is
spare can be known only of a run in which every acceptance test passed: otherwise nothing is said of it.
"""

import re
from collections.abc import Iterator
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.permissions import Record, record_from_json

RECORDS = pytest.StashKey[list[Record]]()
_HANDED_OVER = "permissions"
_TEST = re.compile(r"^def (test_\w+)", re.MULTILINE)
_FOLDER = Path(__file__).parent / "acceptance"


class LeastPrivilege:
    """The plugin; `tests/conftest.py` registers it in every process of a run."""

    def __init__(self, config: pytest.Config) -> None:
        config.stash[RECORDS] = self.records = []
        self.passed: set[str] = set()
        self.faults: list[str] = []
        self.said = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Collect passed tests in the first process, whichever process ran them."""
        if report.when == "call" and report.passed and "acceptance" in report.nodeid:
            self.passed.add(_name(report.nodeid))

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over what another process recorded."""
        self.records += map(record_from_json, getattr(node, "workeroutput", {}).get(_HANDED_OVER, []))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand the record over to the first process, or compare."""
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput[_HANDED_OVER] = [record.to_json() for record in self.records]
            return
        self._compare()
        if self.faults:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _compare(self) -> None:
        if not self.records:
            return
        whole = reduce(or_, self.records)
        left_out = set(all_tests()) - self.passed
        self.faults = list(faults(whole, whole_suite=not left_out))
        spare = f"what is spare is not known: {len(left_out)} acceptance tests did not pass" if left_out else ""
        self.said = f"{len(whole.calls)} kinds of calls, {len(whole.grants)} permissions; {spare or 'all compared'}"

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Print the comparison and its result."""
        if self.said:
            terminalreporter.section("least privilege", "-", red=bool(self.faults))
            for line in [self.said, *self.faults]:
                terminalreporter.write_line(line)


def faults(record: Record, *, whole_suite: bool) -> Iterator[str]:
    """The faults of the policies; spare permissions only if the whole suite ran."""
    for call in record.missing():
        yield f"missing: {call.role} {call.action} on {call.resource} {' '.join(call.keys)}".rstrip()
    for grant in record.spare() if whole_suite else []:
        yield f"spare: {grant.role} {grant.action} on {grant.resource}"
    for excuse in record.unneeded_excuses() if whole_suite else []:
        yield f"an excuse for nothing: {' '.join(excuse)}"


def _name(node_id: str) -> str:
    """The file and the function of a test, without its case."""
    return node_id.partition("[")[0].rpartition("/")[2]


def all_tests() -> Iterator[str]:
    """The acceptance tests that there are, each by its file and function."""
    for path in _FOLDER.glob("test_*.py"):
        for name in _TEST.findall(path.read_text(encoding="utf-8")):
            yield f"{path.name}::{name}"
