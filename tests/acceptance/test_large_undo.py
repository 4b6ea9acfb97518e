"""Taking back a large import on the whole stack: the answer comes at once, and a worker does the rest."""

from typing import Any

from guestlist.imports.undo import BACKGROUND_ROWS
from tests.acceptance.client import Api, a_name, eventually


def test_a_large_import_is_taken_back_in_the_background(organiser: Api, checkout: Api) -> None:
    name, word = a_name("Large"), a_name("code").replace(" ", "-")
    organiser.imported(f"Code\n{word}-kept\n".encode(), group=name)
    rows = "\n".join(["Code", *(f"{word}-{number}" for number in range(BACKGROUND_ROWS + 1))])
    done = organiser.imported(rows.encode(), group=name, mode="append")
    checkout.post("/v1/redemptions", {"code": f"{word}-7", "order_id": word})
    answer = organiser.call("POST", f"/v1/imports/{done['import_id']}/undo")
    assert answer.status_code == 202
    assert (answer.json()["undone"], answer.json()["status"]) == (None, "complete")
    assert answer.json()["undoing"] is not None

    def poll() -> dict[str, Any] | None:
        found: dict[str, Any] = organiser.get(f"/v1/imports/{done['import_id']}")
        return found if found["undone"] else None

    undone = eventually(poll)
    assert (undone["undoing"], undone["status"]) == (None, "complete")
    assert undone["undone"]["kept"] == [f"“{word}-7” is in use, and stays."]
    assert organiser.call("POST", f"/v1/imports/{done['import_id']}/undo").status_code == 200
    (group,) = organiser.get(f"/v1/groups?name={name.split()[1]}")["items"]
    assert group["members"] == 2
    remaining = organiser.get(f"/v1/groups/{group['group_id']}/entries")["items"]
    assert sorted(entry["code"] for entry in remaining) == [f"{word}-7", f"{word}-kept"]
