"""Generates `functions/chalicelib/web/checkout_schemas.json`: pydantic's schemas of a checkout's bodies."""

import json
import sys
from pathlib import Path

from chalicelib.routes.redemptions import ReleaseRequest
from chalicelib.web import core_schemas
from guestlist.checkout.redemption import RedemptionRequest
from guestlist.checkout.request import CheckRequest

STORED = Path(core_schemas.__file__).with_name(core_schemas.STORED)
KINDS = (CheckRequest, RedemptionRequest, ReleaseRequest)


def text() -> str:
    """The schemas as they are stored."""
    schemas = {core_schemas.name_of(kind): core_schemas.as_json(core_schemas.schema_of(kind)) for kind in KINDS}
    return json.dumps(schemas, separators=(",", ":")) + "\n"


def main() -> int:
    """Write the schemas."""
    STORED.write_text(text(), encoding="utf-8")
    print(STORED.name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
