"""A table that counts rounds: sequential calls, where parallel ones count as one."""

from collections.abc import Callable
from threading import local
from typing import Any

from guestlist.aws.table import Table

CALLS = {
    **{
        name: name for name in ("get", "put", "update", "delete", "put_many", "delete_many", "transact", "run_parallel")
    },
    "_responses": "read",
}
"""Methods through which every request goes, and by what name they are counted."""


class CountedTable(Table):
    """The same table; `rounds` has the name of each call that was not made inside another one."""

    def __init__(self, table: Table) -> None:
        super().__init__(table._client, table._name)  # noqa: SLF001 - of the same class
        self.rounds: list[str] = []
        self._inside = local()

    def rows_with_balances(self, name: str, call: Callable[[], Any]) -> Any:
        if getattr(self._inside, "call", False):
            return call()
        self.rounds.append(name)
        return self.inside(call)

    def inside(self, call: Callable[[], Any]) -> Any:
        self._inside.call, before = True, getattr(self._inside, "call", False)
        try:
            return call()
        finally:
            self._inside.call = before


def _counting(name: str) -> Callable[..., Any]:
    plain = getattr(Table, name)

    def counting(self: CountedTable, *args: Any, **more: Any) -> Any:
        if name == "run_parallel":
            args = tuple(_within(self, call) for call in args)
        return self.rows_with_balances(CALLS[name], lambda: plain(self, *args, **more))

    return counting


def _within(table: CountedTable, call: Callable[[], Any]) -> Callable[[], Any]:
    return lambda: table.inside(call)


for one in CALLS:
    setattr(CountedTable, one, _counting(one))
