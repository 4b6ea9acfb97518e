"""Client of the Guestlist API for a checkout: timeouts, retries, and what to do when Guestlist does not respond.

Needs `requests`. Keep one `Guestlist` for each process; threads can share it.
"""

import random
import time
from typing import Any

import requests

REMEMBER_SECONDS = 3600


class Refused(Exception):
    """Guestlist refused the call; `code` is the error's code in the API."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


class Unavailable(Exception):
    """There was no response. The call may have taken effect; repeating it is safe."""


class Guestlist:
    """The calls of one checkout."""

    def __init__(self, base: str, token: str, timeout: float = 2.0) -> None:
        self._base = base
        self._headers = {"Authorization": f"Bearer {token}"}
        self._timeout = timeout
        self._unrestricted: dict[str, float] = {}

    def check(self, sale_items: list[str], **who_and_what: Any) -> dict[str, Any]:
        """Check which items a page may show and sell. Never raises `Unavailable`.

        Without a response, items that were unrestricted within the last hour stay open, and all others are closed.
        """
        try:
            answer = self._post("/v1/check", {"sale_items": sale_items, **who_and_what}, tries=2)
        except Unavailable:
            return self._unanswered(sale_items, "code" in who_and_what)
        for item in answer["items"]:
            if item["purchasable"] and not item["granted_by"]:
                self._unrestricted[item["sale_item_id"]] = time.monotonic()
            else:
                self._unrestricted.pop(item["sale_item_id"], None)
        return answer

    def hold(self, order_id: str, seconds: int = 900, **what: Any) -> dict[str, Any]:
        """Hold uses of a `code` (and `seat`, `quantity`, `sale_item_id`) for a cart.

        Raises `Refused` or `Unavailable`; in either case do not sell the item.
        """
        return self._post("/v1/redemptions", {"order_id": order_id, "hold_seconds": seconds, **what})

    def confirm(self, redemption_id: str) -> dict[str, Any]:
        """Confirm a hold whose order is paid. On `Unavailable`, retry from a queue until there is a response."""
        return self._post(f"/v1/redemptions/{redemption_id}/confirm", {})

    def release(self, redemption_id: str, refund_id: str) -> dict[str, Any]:
        """Release uses, once for each `refund_id`. On `Unavailable`, retry from a queue; a hold expires anyway."""
        return self._post(f"/v1/redemptions/{redemption_id}/release", {}, key=refund_id)

    def _post(self, path: str, body: dict[str, Any], tries: int = 3, key: str = "") -> dict[str, Any]:
        headers = {**self._headers, "Idempotency-Key": key} if key else self._headers
        for attempt in range(tries):
            if attempt:
                time.sleep(random.uniform(0.1, 0.3) * 2**attempt)  # noqa: S311 - spreads retries, guards nothing
            try:
                response = requests.post(f"{self._base}{path}", json=body, headers=headers, timeout=self._timeout)
                answer = response.json()
            except requests.RequestException:
                continue
            if response.ok:
                return dict(answer)
            if response.status_code != requests.codes.too_many_requests and response.status_code < 500:
                raise Refused(answer["code"], answer["detail"])
        raise Unavailable(path)

    def _unanswered(self, sale_items: list[str], has_code: bool) -> dict[str, Any]:
        since = time.monotonic() - REMEMBER_SECONDS
        items = []
        for one in sale_items:
            is_open = self._unrestricted.get(one, since) > since
            reasons = [] if is_open else ["unavailable"]
            items.append({"sale_item_id": one, "visible": is_open, "purchasable": is_open, "reasons": reasons})
        code = {"code": {"valid": False, "reasons": ["unavailable"], "grants": []}} if has_code else {}
        return {"items": items, **code}
