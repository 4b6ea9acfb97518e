"""Undoing a large import on the whole stack: the response is immediate, and a worker does the rest."""

from typing import Any

from guestlist.imports.undo import BACKGROUND_ROWS
from tests.acceptance.client import Api, a_name, eventually


def test_a_large_import_is_undone_in_the_background(organiser: Api, checkout: Api) -> None:
    name, word = a_name("Large"), a_name("code").replace(" ", "-")
    organiser.import_file(f"Code\n{word}-kept\n".encode(), group=name)
    rows = "\n".join(["Code", *(f"{word}-{number}" for number in range(BACKGROUND_ROWS + 1))])
    record = organiser.import_file(rows.encode(), group=name, mode="append")
    checkout.post("/v1/redemptions", {"code": f"{word}-7", "order_id": word})
    answer = organiser.call("POST", f"/v1/imports/{record['import_id']}/undo")
    assert answer.status_code == 202
    assert (answer.json()["undone"], answer.json()["status"]) == (None, "complete")
    assert answer.json()["undoing"] is not None

    def poll() -> dict[str, Any] | None:
        latest: dict[str, Any] = organiser.get(f"/v1/imports/{record['import_id']}")
        return latest if latest["undone"] else None

    undone_record = eventually(poll)
    assert (undone_record["undoing"], undone_record["status"]) == (None, "complete")
    assert undone_record["undone"]["kept"] == [f"“{word}-7” is in use, and stays."]
    assert organiser.call("POST", f"/v1/imports/{record['import_id']}/undo").status_code == 200
    (group,) = organiser.get(f"/v1/groups?name={name.split()[1]}")["items"]
    assert group["members"] == 2
    remaining = organiser.get(f"/v1/groups/{group['group_id']}/entries")["items"]
    assert sorted(entry["code"] for entry in remaining) == [f"{word}-7", f"{word}-kept"]
