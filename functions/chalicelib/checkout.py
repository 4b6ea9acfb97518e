"""The check: may this customer have it. Other calls of a checkout stand in `redemptions`, so that this starts fast."""

from collections.abc import Mapping
from functools import cache

from chalicelib.ways import Call, Reply, way
from guestlist.aws.checks import Checks
from guestlist.aws.table import checkout_table
from guestlist.checkout.answer import Answer
from guestlist.checkout.desk import NewExplain, ask
from guestlist.checkout.finding import Explain
from guestlist.checkout.guesses import Allowance
from guestlist.checkout.opening import Opening
from guestlist.checkout.question import Question
from guestlist.organiser import Scope


@way(
    Scope.CHECKOUT,
    lean=True,
    body=Question,
    answer=Answer,
    sometimes=("code", "discount", "percent", "amount", "explanation"),
    limited=True,
)
def check(call: Call, question: Question) -> Reply:
    """Whether this customer may see and buy these sale items, what the code is worth, whether the discount applies.

    One call serves a whole event page. With `explain`, refusals come with sentences in the language of
    Accept-Language: English, Dutch or Danish.
    """
    answer, allowed = ask(checks(), call.bearer, question, call.now, _explaining(call))
    return Reply(answer, headers=allowance(allowed))


@cache
def checks() -> Checks:
    """The readings of checks, with what this process remembers of packed lists."""
    return Checks(checkout_table())


def allowance(allowed: Allowance | None) -> Mapping[str, str]:
    """What guessing is still allowed, as headers; `Reset` is in seconds from now."""
    if allowed is None:
        return {}
    said = {"Limit": allowed.limit, "Remaining": allowed.remaining, "Reset": allowed.reset}
    return {f"RateLimit-{name}": str(number) for name, number in said.items()}


def _explaining(call: Call) -> NewExplain:
    def explaining(opening: Opening, question: Question) -> Explain:
        from chalicelib.explaining import explainer

        return explainer(opening, question, call.headers.get("accept-language", ""), call.now)

    return explaining
