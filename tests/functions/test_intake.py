"""What an import worker is given."""

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from chalicelib.bootstrap import import_worker
from guestlist.aws.table import Table
from guestlist.model.errors import Invalid


@pytest.mark.parametrize(("value", "fast"), [("off", False), ("on", True), (None, True)], ids=["off", "on", "unsaid"])
def test_the_setting_for_fast_reading_reaches_the_worker(
    stored: Table, monkeypatch: pytest.MonkeyPatch, value: str | None, fast: bool
) -> None:
    assert stored
    if value is not None:
        monkeypatch.setenv("FAST_READING", value)
    assert import_worker.worker_context(LambdaContext()).fast is fast


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    "text", ["[" * 1500, "[" * 1500 + "]" * 1500, "[[]]", "x"], ids=["open", "deep", "a list", "x"]
)
def test_a_mapping_in_metadata_that_is_none_is_a_fault_of_its_field(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        import_worker.import_resolver().read_options({"mapping": text})
    assert [fault.field.partition(".")[0] for fault in refused.value.faults] == ["mapping"]
