"""Entries of a long list by the beginning of a code, on the whole stack, with the permissions that it has."""

from tests.acceptance.client import Api, a_name, an_id, eventually
from tests.acceptance.stacks import Stack

CODES = [f"GL-{number * 7919 % 1_000_003:07d}-{number:05d}" for number in range(80_000)]


def files(stack: Stack, group_id: str) -> list[str]:
    """Every version of the files by which the group's list is searched."""
    location = {"Bucket": stack.local()["bucket"], "Prefix": f"search/demo/{group_id}/"}
    return [one["VersionId"] for one in stack.aws("s3").list_object_versions(**location).get("Versions", [])]


def test_entries_of_a_long_list_are_found_by_prefix_until_their_person_is_erased(stack: Stack, organiser: Api) -> None:
    email = f"{an_id('zoe')}@example.com"
    data = "\n".join(["Code,Email", *(f"{code}," for code in CODES), f"MINE,{email}", ""]).encode()
    group_id = organiser.import_file(data, group=a_name("Long"), consent=True)["group_id"]

    def search(q: str, **more: str) -> list[str]:
        query = "".join(f"&{name}={value}" for name, value in more.items())
        return [one["code"] for one in organiser.get(f"/v1/groups/{group_id}/entries?q={q}{query}")["items"]]

    assert search(CODES[7].lower())[:1] == [CODES[7]]
    eventually(lambda: files(stack, group_id) or None)
    first = sorted(code for code in CODES if code.startswith("GL-000"))[:50]
    eventually(lambda: search("gl-000") == first or None)
    assert (search("mine"), search(email.partition("@")[0])) == (["MINE"], ["MINE"])
    organiser.post("/v1/redemptions", {"code": CODES[7], "order_id": a_name("order")})
    assert search(CODES[7][:9], used="all") == [CODES[7]]
    organiser.call("DELETE", f"/v1/customers/{email}")
    eventually(lambda: organiser.get(f"/v1/customers/{email}/erasure")["done_at"])
    assert files(stack, group_id) == []
    assert search(email.partition("@")[0]) == []
