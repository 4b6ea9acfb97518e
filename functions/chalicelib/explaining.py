"""Why not, for a customer who asks: the words of an explanation, and what their purchases lack for a group.

Only loaded when an explanation is asked for.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice, product

from chalicelib import wiring
from guestlist.checkout.explain import Explainer, Rules, Shortfall, Ways
from guestlist.checkout.opening import Opening
from guestlist.checkout.question import Question
from guestlist.checkout.words import language_of
from guestlist.groups.match import Found, Matcher
from guestlist.groups.person import Person
from guestlist.rule import Branch, Leaf, Operator

MOST_WAYS = 5


def explainer(opening: Opening, question: Question, languages: str, now: datetime) -> Explainer:
    """What explains this answer in the best of those languages (an Accept-Language header)."""
    org = opening.token.organiser_id
    zone = wiring.organisers().get(org).zone
    # What a customer bought is told to nobody but them.
    rules = _rules(org, question.email, now) if question.authenticated else _untold
    return Explainer(language_of(languages), zone, rules)


def _untold(_group_id: str) -> Ways:
    return ()


def _rules(org: str, email: str, now: datetime) -> Rules:
    def rules(group_id: str) -> Ways:
        group = wiring.groups().get(org, group_id)
        if group.rules is None:
            return ()
        person = wiring.purchases().person(org, email)
        bought = sorted({one.sale_item_id for one in person.bought})
        matcher = Matcher(group.rules, wiring.catalogues().around(org, bought))
        found = iter(matcher.found(person.bought, now))
        return [[_shortfall(org, one, person) for one in way] for way in _ways(group.rules, found)]

    return rules


def _ways(rule: Branch | Leaf, found: Iterator[Found]) -> list[Sequence[Found]]:
    """Each set of leaves that would be enough together, without those that hold; a few where there are many."""
    if isinstance(rule, Leaf):
        one = next(found)
        return [()] if one.holds else [(one,)]
    below = [_ways(inner, found) for inner in rule.rules]
    if rule.operator is Operator.ANY:
        return sorted((way for ways in below for way in ways), key=len)[:MOST_WAYS]
    together = (tuple(one for way in choice for one in way) for choice in product(*below))
    return list(islice(together, MOST_WAYS))


def _shortfall(org: str, found: Found, person: Person) -> Shortfall:
    leaf = found.leaf
    thing = wiring.catalogues().get(org, leaf.type, leaf.id)
    short_of_events = found.count >= leaf.minimum
    # With a window, what counts now counts no more once the oldest of it has left the window.
    oldest = min((one.at for one in person.bought if one.order_id in found.orders), default=None)
    return Shortfall(
        name=thing.name if thing else leaf.id,
        found=found.events if short_of_events else found.count,
        needed=leaf.distinct_events or 0 if short_of_events else leaf.minimum,
        before=oldest + leaf.within.length if oldest and leaf.within else None,
    )
