"""Explanations of a check's refusals, including the purchases that a customer lacks for an automatic group.

Only imported when a check requests explanations.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice, product

from chalicelib.bootstrap import adapters
from guestlist.checkout.explain import Alternatives, Explainer, FindAlternatives, Shortfall
from guestlist.checkout.first_read import FirstRead
from guestlist.checkout.request import CheckRequest
from guestlist.groups.match import Matcher, RuleFinding
from guestlist.groups.person import Person
from guestlist.groups.rule import Branch, Leaf, Operator
from guestlist.messages.language import language_of

MAX_SUGGESTIONS = 5


def explainer(first_read: FirstRead, request: CheckRequest, languages: str, now: datetime) -> Explainer:
    """Create the explainer of a check's response; `languages` is an Accept-Language header."""
    org = first_read.token.organiser_id
    zone = adapters.organisers().get_organiser(org).zone
    # Purchases of a customer are disclosed to nobody else.
    find_alternatives = _alternatives(org, request.email, now) if request.authenticated else _no_alternatives
    return Explainer(language_of(languages), zone, find_alternatives)


def _no_alternatives(_group_id: str) -> Alternatives:
    return ()


def _alternatives(org: str, email: str, now: datetime) -> FindAlternatives:
    def find_alternatives(group_id: str) -> Alternatives:
        group = adapters.groups().get_group(org, group_id)
        if group.rules is None:
            return ()
        person = adapters.purchases().person(org, email)
        bought = sorted({purchase.sale_item_id for purchase in person.purchases})
        matcher = Matcher(group.rules, adapters.catalogues().subset(org, bought))
        findings = iter(matcher.findings(person.purchases, now))
        return [[_shortfall(org, finding, person) for finding in way] for way in _ways(group.rules, findings)]

    return find_alternatives


def _ways(rule: Branch | Leaf, findings: Iterator[RuleFinding]) -> list[Sequence[RuleFinding]]:
    """Sets of unmet conditions, each of which would satisfy the rule if met; only a few if there are many."""
    if isinstance(rule, Leaf):
        finding = next(findings)
        return [()] if finding.holds else [(finding,)]
    below = [_ways(inner, findings) for inner in rule.rules]
    if rule.operator is Operator.ANY:
        return sorted((way for ways in below for way in ways), key=len)[:MAX_SUGGESTIONS]
    together = (tuple(finding for way in choice for finding in way) for choice in product(*below))
    return list(islice(together, MAX_SUGGESTIONS))


def _shortfall(org: str, finding: RuleFinding, person: Person) -> Shortfall:
    leaf = finding.leaf
    entity = adapters.catalogues().get_entity(org, leaf.type, leaf.id)
    short_of_events = finding.count >= leaf.minimum
    # With a time window, the count drops again once the oldest purchase leaves the window.
    oldest = min((purchase.at for purchase in person.purchases if purchase.order_id in finding.orders), default=None)
    return Shortfall(
        name=entity.name if entity else leaf.id,
        purchased=finding.events if short_of_events else finding.count,
        required=leaf.distinct_events or 0 if short_of_events else leaf.minimum,
        before=oldest + leaf.within.length if oldest and leaf.within else None,
    )
