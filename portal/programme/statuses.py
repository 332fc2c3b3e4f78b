"""What an event's statuses mean (D6): `accepted` counts; every other one is sorted into a category."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select

from portal.models import Category, Status, db

ACCEPTED = "accepted"

# The statuses that every event of Sessionboard has; a source or an admin may sort all but `accepted` otherwise.
STANDARD = {
    ACCEPTED: Category.ACCEPTED,
    "accept_queue": Category.PENDING,
    "pending": Category.PENDING,
    "decline_queue": Category.DECLINED,
    "declined": Category.DECLINED,
}


def category_of(status: str, told: Mapping[str, str]) -> Category | None:
    """A status's category, by what was `told` of this event's; None for one that nobody has sorted yet."""
    if status == ACCEPTED:
        return Category.ACCEPTED
    return Category(told[status]) if status in told else STANDARD.get(status)


def accepted_among(statuses: Iterable[str], told: Mapping[str, str]) -> frozenset[str]:
    """Those that count as accepted; one without a category counts as pending."""
    return frozenset(each for each in statuses if category_of(each, told) is Category.ACCEPTED)


def without_category(statuses: Iterable[str], told: Mapping[str, str]) -> tuple[str, ...]:
    """Those that nobody has sorted yet, in the order of their names."""
    return tuple(sorted(each for each in statuses if category_of(each, told) is None))


def told_categories(event_id: int) -> dict[str, str]:
    """Status → category, as the event's source tells or an admin has set."""
    rows = db.session.execute(select(Status.name, Status.category).where(Status.event_id == event_id))
    return dict(rows.all())
