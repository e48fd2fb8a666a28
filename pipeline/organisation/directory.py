"""The organisation in memory: who and what there is on a day, and who may act."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from zoubian.pipeline.domain.actors import Actor
from zoubian.pipeline.organisation.places import PlaceIndex
from zoubian.pipeline.organisation.records import (
    Campaign,
    Cover,
    Group,
    Permit,
    Post,
    Street,
    Unit,
    in_force,
)
from zoubian.pipeline.organisation.territory import Territory


@dataclass(frozen=True, slots=True)
class Organisation:
    """All that was ever loaded, each value with its days.

    Mappings are keyed by code; a thing has one value for each stretch of days on which it was the
    same. Days are local days: `domain.local_time.local_day` tells that of a moment.

    Attributes:
        version: grows with each load that changes something; 0 where nothing was loaded.
        landmarks: names of its own streets and zones, for places in words.
    """

    version: int
    campaigns: Mapping[str, tuple[Campaign, ...]]
    units: Mapping[str, tuple[Unit, ...]]
    groups: Mapping[str, tuple[Group, ...]]
    covers: tuple[Cover, ...]
    posts: tuple[Post, ...]
    streets: Mapping[str, tuple[Street, ...]]
    permits: Mapping[str, tuple[Permit, ...]]
    territory: Territory
    landmarks: PlaceIndex

    def campaign(self, on: date) -> Campaign | None:
        """The campaign of a day, the one that began last where several run."""
        running = [c for many in self.campaigns.values() for c in in_force(many, on)]
        return max(running, key=lambda c: (c.period.valid_from or date.min, c.id), default=None)

    def unit(self, unit_id: str, on: date) -> Unit | None:
        """A unit as it is on a day."""
        return next(in_force(self.units.get(unit_id, ()), on), None)

    def units_on(self, on: date) -> tuple[Unit, ...]:
        """All units of a day, by code."""
        return tuple(u for _, many in sorted(self.units.items()) for u in in_force(many, on))

    def group(self, group_id: str, on: date) -> Group | None:
        """A working group as it is on a day."""
        return next(in_force(self.groups.get(group_id, ()), on), None)

    def groups_on(self, on: date) -> tuple[Group, ...]:
        """All working groups of a day, by code."""
        return tuple(g for _, many in sorted(self.groups.items()) for g in in_force(many, on))

    def units_of(self, group_id: str, on: date) -> tuple[str, ...]:
        """Codes of the units that a group covers on a day."""
        return tuple(
            sorted({c.unit_id for c in in_force(self.covers, on) if c.group_id == group_id})
        )

    def groups_of(self, unit_id: str, on: date) -> tuple[str, ...]:
        """Codes of the groups that cover a unit on a day."""
        return tuple(
            sorted({c.group_id for c in in_force(self.covers, on) if c.unit_id == unit_id})
        )

    def people(self, on: date) -> tuple[Post, ...]:
        """Who holds which role on a day."""
        return tuple(in_force(self.posts, on))

    def actors_of(self, user_id: str, on: date) -> tuple[Actor, ...]:
        """The roles that a user may act in on a day; none for somebody who has left."""
        return tuple(
            Actor(post.user_id, post.role, post.unit_id, post.group_id)
            for post in in_force(self.posts, on)
            if post.user_id == user_id
        )

    def name_of(self, user_id: str) -> str | None:
        """The latest name of a user, also of one who has left."""
        posts = [post for post in self.posts if post.user_id == user_id]
        latest = max(posts, key=lambda post: post.period.valid_to or date.max, default=None)
        return latest.name if latest else None
