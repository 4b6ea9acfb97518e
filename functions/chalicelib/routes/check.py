"""The check call. Other calls of a checkout are in `redemptions`, so that a cold start for a check is fast."""

from collections.abc import Mapping
from functools import cache

from chalicelib.web.endpoint import Call, Reply, endpoint
from guestlist.aws.table import checkout_table
from guestlist.checkout.findings import Explain
from guestlist.checkout.first_read import FirstRead
from guestlist.checkout.guess_limits import Allowance
from guestlist.checkout.request import CheckRequest
from guestlist.checkout.response import CheckResponse
from guestlist.checkout.service import NewExplain, check_access
from guestlist.checkout.store import CheckoutReads
from guestlist.organisers.model import Scope


@endpoint(
    Scope.CHECKOUT,
    lazy_auth=True,
    body=CheckRequest,
    answer=CheckResponse,
    exclude_none=("code", "discount", "percent", "amount", "explanation", "retry_after"),
    rate_limited=True,
    localised=True,
    counts=lambda reply: counts(reply.body),
)
def check(call: Call, request: CheckRequest) -> Reply:
    """Check whether a customer may see and buy sale items, what a code grants, and whether a discount applies.

    One call serves a whole event page. Send the `client` that you serve: wrong codes are counted per client. After too
    many of them, codes get `too_many_tries`; the rest of the response stays the same. With `explain`,
    refusals have sentences in the language of Accept-Language: English, Dutch or Danish.
    """
    answer, allowed = check_access(checkout_reads(), call.bearer, request, call.now, _explaining(call))
    return Reply(answer, headers=allowance(allowed))


def counts(answer: CheckResponse) -> Mapping[str, int]:
    """Metrics of a check: the number of refused items, codes and discounts by reason."""
    numbers = {"Checks": 1}
    for part in (*answer.items, answer.code, answer.discount):
        for reason in part.reasons if part else ():
            name = f"Refusals.{reason.value}"
            numbers[name] = numbers.get(name, 0) + 1
    return numbers


@cache
def checkout_reads() -> CheckoutReads:
    """The reads of the checkout service, with this process's cache of packed lists."""
    return CheckoutReads(checkout_table())


def allowance(allowed: Allowance | None) -> Mapping[str, str]:
    """The rate limit of guesses as headers; `Reset` is in seconds from now."""
    if allowed is None:
        return {}
    limits = {"Limit": allowed.limit, "Remaining": allowed.remaining, "Reset": allowed.reset}
    return {f"RateLimit-{name}": str(number) for name, number in limits.items()}


def _explaining(call: Call) -> NewExplain:
    def explaining(first_read: FirstRead, request: CheckRequest) -> Explain:
        from chalicelib.routes.explanations import explainer

        return explainer(first_read, request, call.headers.get("accept-language", ""), call.now)

    return explaining
