"""The settings and options of an import worker."""

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from chalicelib.bootstrap import import_worker
from guestlist.aws.table import Table
from guestlist.model.errors import Invalid


@pytest.mark.parametrize(("value", "fast"), [("off", False), ("on", True), (None, True)], ids=["off", "on", "unsaid"])
def test_the_setting_for_fast_reading_reaches_the_worker(
    api_table: Table, monkeypatch: pytest.MonkeyPatch, value: str | None, fast: bool
) -> None:
    assert api_table
    if value is not None:
        monkeypatch.setenv("FAST_READING", value)
    assert import_worker.worker_context(LambdaContext()).fast is fast


@pytest.mark.usefixtures("api_table")
@pytest.mark.parametrize(
    "text", ["[" * 1500, "[" * 1500 + "]" * 1500, "[[]]", "x"], ids=["open", "deep", "a list", "x"]
)
def test_an_invalid_mapping_in_metadata_is_reported_at_its_field(text: str) -> None:
    with pytest.raises(Invalid) as error:
        import_worker.import_resolver().read_options({"mapping": text})
    assert [fault.field.partition(".")[0] for fault in error.value.faults] == ["mapping"]
