"""Explanations of refusals in sentences: which level refused, what was found, what was needed, what would help.

They disclose nobody else's data, and not in which other groups a code is known.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from guestlist.checkout.findings import Finding
from guestlist.checkout.response import Reason
from guestlist.groups.index import GroupType, IndexedGroup
from guestlist.messages import catalogue
from guestlist.messages.language import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """Purchases of `name` that a rule lacks; `before` is the exclusive instant by which they must be made, if any."""

    name: str
    purchased: int
    required: int
    before: datetime | None = None


Alternatives = Sequence[Sequence[Shortfall]]
"""Alternative ways into a group; all shortfalls of one way must be met."""

Rules = Callable[[str], Alternatives]
"""Returns what the authenticated customer lacks for an automatic group, by its id."""


@dataclass(frozen=True, slots=True)
class Explainer:
    """Renders explanations in one language, with dates in `zone`."""

    language: Language
    zone: ZoneInfo
    rules: Rules

    def __call__(self, findings: Sequence[Finding]) -> tuple[str, ...]:
        """The distinct sentences about the findings."""
        return tuple(dict.fromkeys(sentence for finding in findings for sentence in self._sentences(finding)))

    def _sentences(self, finding: Finding) -> Iterator[str]:
        reason_sentence = self._render(
            finding.reason.value,
            groups=[group.name for group in finding.groups],
            ended=self._day(finding.ended_at - timedelta(microseconds=1)) if finding.ended_at else "",
            starts=self._moment(finding.starts_at) if finding.starts_at else "",
            needed=finding.needed,
            free=finding.free,
            wanted=", ".join(finding.requested_labels),
            opened=", ".join(finding.offered_labels) or "–",
        )
        yield f"{self._render(f'level.{finding.level.value}')}: {reason_sentence}"
        if finding.reason in {Reason.NOT_IN_GROUP, Reason.MEMBERSHIP_ENDED}:
            for group in finding.groups:
                yield from self._help(group)

    def _help(self, group: IndexedGroup) -> Iterator[str]:
        rules = self.rules(group.group_id) if group.type is GroupType.AUTOMATIC else ()
        alternatives = [
            self._render("help.and").join(map(self._part, alternative)) for alternative in rules if alternative
        ]
        if alternatives:
            yield self._render("help", group=[group.name], ways=self._render("help.or").join(alternatives))

    def _part(self, shortfall: Shortfall) -> str:
        count, required = shortfall.purchased, shortfall.required
        sentence = self._render("help.tickets", n=required - count, name=shortfall.name, found=count, needed=required)
        return (
            sentence
            if shortfall.before is None
            else self._render("help.before", what=sentence, day=self._day(shortfall.before))
        )

    def _day(self, at: datetime) -> str:
        return catalogue.day(at.astimezone(self.zone), self.language)

    def _moment(self, at: datetime) -> str:
        local = at.astimezone(self.zone)
        # With the abbreviation, as the hour repeated at the end of daylight saving time is two instants.
        return catalogue.moment(local, f"{local:%Z}", self.language)

    def _render(self, key: str, **params: catalogue.Param) -> str:
        return catalogue.render(f"explain.{key}", params, self.language)
