"""The guard of D12: a broken source must not empty a website."""

from dataclasses import replace

from portal.sync.planning import reasons
from portal.sync.planning.intent import Action, Intended, Plan
from portal.sync.planning.snapshot import Links, LinkSnapshot, Programme, Rules

UNPUBLISHED = "It is unpublished in ASP."
WITHHELD = reasons.WITHHELD.words()


def guard_unpublishing(plan: Plan, rules: Rules, published: int) -> Plan:  # D12
    """The plan; without its unpublishing, if that hits too many of the `published` records and nobody approved it."""
    count = sum(_leaves_website(each) for each in (*plan.speakers, *plan.sessions))
    if count == 0:
        return plan
    withhold = _is_too_much(count, published, rules) and count > rules.unpublish_approved
    decide = _withhold if withhold else _let_go
    return replace(
        plan,
        speakers=tuple(map(decide, plan.speakers)),
        sessions=tuple(map(decide, plan.sessions)),
        withheld=count if withhold else 0,
    )


def _is_too_much(count: int, published: int, rules: Rules) -> bool:
    """Whether an admin is asked before `count`, one at least, of the `published` records are unpublished."""
    many = count > rules.unpublish_limit and count > rules.unpublish_share * published
    return many or count >= published


def count_published(programme: Programme, links: Links) -> int:
    """How many records of this programme the portal has put on the website, and still shows there.

    People of other events of the site are not counted, nor is what is unpublished, gone or was never shown.
    """
    linked: list[LinkSnapshot | None] = [links.sessions.get(session.id) for session in programme.sessions]
    linked += [links.speakers.get(id) for id in programme.contacts]
    return len({link.asp_uuid for link in linked if link is not None and is_shown(link)})


def count_found(plan: Plan) -> int:
    """How many records of this programme were found on the website without a link that tells of them."""
    found = (each.link for each in (*plan.speakers, *plan.sessions) if each.link is not None)
    return sum(link.adopted and is_shown(link) for link in found)


def is_shown(link: LinkSnapshot) -> bool:
    """Whether the record stands on the website, as far as the portal knows."""
    return not (link.unpublished or link.gone or link.hidden)


def is_unpublished(intended: Intended) -> bool:
    """Whether this change says that a record is not to be on the website."""
    return intended.action is Action.UPDATE and intended.publish is False


def _leaves_website(intended: Intended) -> bool:
    """Whether it is on the website until then: to unpublish one that never was takes no approval."""
    return is_unpublished(intended) and intended.link is not None and is_shown(intended.link)


def _let_go(intended: Intended) -> Intended:
    return replace(intended, reason=_said(intended, UNPUBLISHED)) if is_unpublished(intended) else intended


def _withhold(intended: Intended) -> Intended:
    if not _leaves_website(intended):
        return _let_go(intended)
    reason = _said(intended, WITHHELD)
    return replace(intended, action=Action.SKIP, publish=None, reason=reason, withheld=True)


def _said(intended: Intended, words: str) -> str:
    return f"{intended.reason} {words}" if intended.reason else words
