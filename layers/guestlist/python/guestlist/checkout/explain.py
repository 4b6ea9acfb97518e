"""Explanations of refusals in sentences: the level that refused, the reason with its numbers, and what would help.

They disclose no data of other people, nor the other groups in which a code is known.
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
"""Alternatives that fulfil the rules of a group; all shortfalls of one must be met."""

FindAlternatives = Callable[[str], Alternatives]
"""Returns the shortfalls of the authenticated customer for the automatic group with this id."""


@dataclass(frozen=True, slots=True)
class Explainer:
    """Renderer of explanations in one language, with dates in `zone`."""

    language: Language
    zone: ZoneInfo
    find_alternatives: FindAlternatives

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
        alternatives = self.find_alternatives(group.group_id) if group.type is GroupType.AUTOMATIC else ()
        phrases = [
            self._render("help.and").join(map(self._phrase, shortfalls)) for shortfalls in alternatives if shortfalls
        ]
        if phrases:
            yield self._render("help", group=[group.name], ways=self._render("help.or").join(phrases))

    def _phrase(self, shortfall: Shortfall) -> str:
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
