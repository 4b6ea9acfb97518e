"""What an import worker is given."""

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from chalicelib.bootstrap import import_worker
from guestlist.aws.table import Table


@pytest.mark.parametrize(("said", "fast"), [("off", False), ("on", True), (None, True)], ids=["off", "on", "unsaid"])
def test_the_setting_for_fast_reading_reaches_the_worker(
    stored: Table, monkeypatch: pytest.MonkeyPatch, said: str | None, fast: bool
) -> None:
    assert stored
    if said is not None:
        monkeypatch.setenv("FAST_READING", said)
    assert import_worker.worker_context(LambdaContext()).fast is fast
