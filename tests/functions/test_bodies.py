"""The response to any body is a documented one."""

from collections.abc import Mapping

import pytest

from chalicelib.api import routes
from tests.contract.bodies import BODIES, body_variants, is_valid_body
from tests.functions.conftest import Api

ROUTES = {f"{route.method} {route.path}": route for route in routes()}
EACH = 10


@pytest.mark.parametrize("name", BODIES)
def test_valid_bodies_get_documented_responses(call: Api, demo_ids: Mapping[str, str], name: str):
    route = ROUTES[name]
    bodies = [
        body for example in BODIES[name] for body in body_variants(example) if is_valid_body(route.endpoint.body, body)
    ]
    for body in bodies[:: -(-len(bodies) // EACH)]:
        # The caller of the tests holds every answer to the document; a fault of ours is never one.
        assert call(f"{route.method} {route.path.format_map(demo_ids)}", body).status < 500
