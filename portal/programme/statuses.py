"""What an event's statuses mean (D6): `accepted` counts; every other one is sorted into a category."""

from collections.abc import Iterable, Mapping

from sqlalchemy import delete, select

from portal.models import Category, Status, db

ACCEPTED = "accepted"
GONE = "deleted"  # what a session has that its source has no more (H1)

# The statuses that every event of Sessionboard has; a source or an admin may sort all but `accepted` otherwise.
STANDARD = {
    ACCEPTED: Category.ACCEPTED,
    "accept_queue": Category.PENDING,
    "pending": Category.PENDING,
    "decline_queue": Category.DECLINED,
    "declined": Category.DECLINED,
}
FIXED = {ACCEPTED: Category.ACCEPTED, GONE: Category.DECLINED}  # nobody sorts these otherwise


def category_of(status: str, told: Mapping[str, str]) -> Category | None:
    """A status's category, by what was `told` of this event's; None for one that nobody has sorted yet."""
    if status in FIXED:
        return FIXED[status]
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


def category_told(text: str) -> Category | None:
    """The category that a source names, or that the standard status of this name is in."""
    name = text.strip().lower()
    return Category(name) if name in set(Category) else STANDARD.get(name)


def store_categories(event_id: int, told: Mapping[str, str]) -> None:
    """Keep what the source says of its statuses, in the caller's transaction; it outranks what an admin has said."""
    known = told_categories(event_id)
    news = {
        name: category for name, category in told.items() if known.get(name) != category and name not in FIXED
    }
    if news:
        db.session.execute(delete(Status).where(Status.event_id == event_id, Status.name.in_(news)))
        db.session.add_all(
            Status(event_id=event_id, name=name, category=category) for name, category in news.items()
        )
