"""Store of the results of rows during an import: an item for each committed place of the file."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime

from guestlist.aws import keys
from guestlist.aws.table import Table


class RowResults:
    """Results by line, for each import and pass."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def save_results(
        self, org: str, import_id: str, current_pass: str, place: int, results: Mapping[int, str], until: datetime
    ) -> None:
        """Save the results by line until then, replacing those of the same place of the pass."""
        key = _key(org, import_id, current_pass, place)
        text = json.dumps(list(results.items()), ensure_ascii=False)
        self._table.put({**key._asdict(), "found": text, "ttl": int(until.timestamp())})

    def load_results(self, org: str, import_id: str, current_pass: str) -> Iterator[tuple[int, str]]:
        """Yield each line of the pass with its result, by place."""
        bounds = _key(org, import_id, current_pass, 0).sk, _key(org, import_id, current_pass, _LAST).sk
        for item in self._table.query_all(keys.problems(org, import_id).pk, between=bounds):
            yield from map(tuple, json.loads(item["found"]))

    def delete_results(self, org: str, import_id: str, current_pass: str, after: int) -> None:
        """Delete the results of places of the pass after this one."""
        bounds = _key(org, import_id, current_pass, after + 1).sk, _key(org, import_id, current_pass, _LAST).sk
        pk = keys.problems(org, import_id).pk
        items = self._table.query_all(pk, between=bounds, only=("pk", "sk"))
        self._table.delete_many([keys.Key(item["pk"], item["sk"]) for item in items])


_LAST = 10**12 - 1


def _key(org: str, import_id: str, current_pass: str, place: int) -> keys.Key:
    return keys.problems(org, import_id, f"#{current_pass}#{place:012d}")
