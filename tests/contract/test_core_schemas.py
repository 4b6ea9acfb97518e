"""The stored schemas of a checkout's bodies are those that pydantic makes, and read as they do."""

import json
from typing import Any

import pytest
from pydantic_core import SchemaValidator

from chalicelib.web import core_schemas
from chalicelib.web.validation import read
from guestlist.checkout.request import CheckRequest
from guestlist.model.errors import Invalid
from infra import core_schemas as stored


def test_the_stored_schemas_are_up_to_date():
    assert stored.STORED.read_text(encoding="utf-8") == stored.text(), "run: python -m infra.core_schemas"


@pytest.mark.parametrize("kind", stored.KINDS)
def test_a_stored_schema_is_the_one_that_pydantic_makes(kind: Any):
    schema = core_schemas.schema_of(kind)
    stored_schema = core_schemas.from_json(json.loads(json.dumps(core_schemas.as_json(schema))))
    assert SchemaValidator(stored_schema).title == SchemaValidator(schema).title
    assert core_schemas.as_json(stored_schema) == core_schemas.as_json(schema)


def test_a_body_with_half_a_million_unknown_fields_has_a_hundred_faults():
    with pytest.raises(Invalid) as error:
        read(CheckRequest, {f"field {number}": 1 for number in range(500_000)})
    assert {fault.code for fault in error.value.faults} == {"unknown_field"}
    assert len(error.value.faults) == 100


def test_a_list_of_half_a_million_is_one_fault():
    with pytest.raises(Invalid) as error:
        read(CheckRequest, {"sale_items": [1] * 500_000})
    assert [(fault.field, fault.code) for fault in error.value.faults] == [("sale_items", "too_long")]
