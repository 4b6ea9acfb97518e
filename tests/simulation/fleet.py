"""Processes as Lambda makes them: each answers one call at a time, and keeps what a warm process keeps."""

from collections.abc import Callable
from typing import Any

from chalicelib.web.problems import STATUS
from guestlist.checkout.cleanup import clean_up_uses
from guestlist.checkout.holds import confirm, release
from guestlist.checkout.ledger import Ledger
from guestlist.checkout.overdue_work import OverdueWork
from guestlist.checkout.request import CheckRequest
from guestlist.checkout.response import CheckResponse, RedemptionResult
from guestlist.checkout.service import check_access, create_redemption
from guestlist.checkout.store import CheckoutReads
from guestlist.model.errors import GuestlistError
from tests.fakes.shop import Shop
from tests.simulation.network import Model
from tests.simulation.virtual_time import Died
from tests.unit.checkout.builders import redemption_request

ORG = "demo"
BEARER = f"{ORG}-checkout"
FAILURES = (Died, GuestlistError, *(kind for kind, status in STATUS.items() if status == 503))
"""How a call may end without an answer that says what became of it."""
_COMPUTING = 0.003


class Process:
    """One process of the API, with a clock and a client of its own."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.clock = model.clock()
        table = model.table(self.clock)
        self._checks = CheckoutReads(table)
        self._ledger = Ledger(table, ORG)
        self._overdue = OverdueWork(table)

    def _attempt(self) -> str:
        return f"{self._model.time.random.getrandbits(32):08x}"

    def check(self, code: str) -> CheckResponse:
        """The answer to a question about a code."""
        return check_access(self._checks, BEARER, CheckRequest(sale_items=(), code=code), self.clock())[0]

    def redeem(self, order_id: str, **request: Any) -> RedemptionResult:
        """A redemption, or with `hold_seconds` a hold."""
        return create_redemption(
            self._checks, BEARER, redemption_request(order_id, **request), self._attempt(), self.clock()
        )[0].result

    def confirm(self, redemption_id: str) -> RedemptionResult:
        """A hold made a redemption."""
        return confirm(self._ledger, redemption_id, self.clock())

    def release(self, redemption_id: str, quantity: int, call: str) -> RedemptionResult:
        """A redemption of which so many were given back."""
        return release(self._ledger, redemption_id, self._attempt(), self.clock(), quantity=quantity, call=call)

    def tidy(self) -> int:
        """Run the timer's work once."""
        return clean_up_uses(self._overdue, self.clock(), self._attempt)


class Fleet:
    """As many processes as there are calls at the same time."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.made = 0
        self._free: list[Process] = []

    def call(self, act: Callable[[Process], Any]) -> Any:
        """The outcome of a call in the process that became free last, or in a new one."""
        if self._free:
            process = self._free.pop()
        else:
            process = Process(self.model)
            self.made += 1
        try:
            self.model.time.elapse(_COMPUTING)
            return act(process)
        except Died:
            process = None
            raise
        finally:
            if process is not None:
                self._free.append(process)


def opened(model: Model) -> Shop:
    """The organiser's data before the first purchase."""
    shop = Shop(model.table(), ORG)
    shop.now = model.time.instant
    return shop
