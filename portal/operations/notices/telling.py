"""Tell an organisation when a mapping gets into trouble, and when it is well again (G4)."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from portal.config import current_settings
from portal.errors import PortalError, Refused
from portal.mail import MailNotSent, can_mail, send_mail
from portal.models import (
    Connection,
    HistoryEntry,
    Mapping,
    NoticeSettings,
    Organisation,
    ToldTrouble,
    await_turn,
    db,
    now,
)
from portal.operations.connection.secrets import erase_traces
from portal.operations.history import record
from portal.operations.hourly import count_lately
from portal.operations.notices.troubles import Told, find_facts, is_over, judge
from portal.operations.queries.organisation import list_members
from portal.programme.bounds import LONGEST_ADDRESS
from portal.public_web import NotDelivered, post_json
from portal.secrets import current_vault
from portal.text.addresses import parts_of
from portal.text.numbers import count

log = logging.getLogger(__name__)

TRY_AGAIN = timedelta(minutes=5)  # after a notice that was not delivered
WELL = "All is well again: it syncs as before."
MOST_NAMED = 3  # mapped events in one notice
MOST_TRIALS_WITHIN_AN_HOUR = 10  # of an organisation
TRIED = "notices tried"


def find_notice_settings(organisation: Organisation) -> NoticeSettings | None:
    """Where the organisation's notices go, if anywhere."""
    return db.session.scalar(select(NoticeSettings).where(NoticeSettings.organisation_id == organisation.id))


def save_notices(organisation: Organisation, webhook: str, emails: Iterable[str], actor: str) -> None:
    """Keep where notices go; an empty webhook leaves the stored one. Raises Refused at the field."""
    settings = find_notice_settings(organisation) or NoticeSettings(organisation_id=organisation.id)
    members = {each.user.email for each in list_members(organisation)}
    chosen = sorted(set(emails))
    if unknown := [each for each in chosen if each not in members]:
        raise Refused(f"{unknown[0]} is no member of {organisation.name}.", "emails")
    if webhook:
        settings.webhook_host = _checked_host(webhook)
        settings.webhook_encrypted = current_vault().encrypt(webhook)
    settings.emails, settings.problem, settings.problem_at = chosen, None, None
    db.session.add(settings)
    where = [settings.webhook_host] if settings.webhook_host else []
    told = ", ".join([*where, *chosen]) or "nobody"
    record(organisation.id, actor, "notices changed", f"Notices go to {told}.")
    db.session.commit()
    if webhook:
        erase_traces()  # of the address that stood there before


def forget_webhook(organisation: Organisation, actor: str) -> None:
    """Erase the webhook's address; there being none changes nothing."""
    settings = find_notice_settings(organisation)
    if settings is None or settings.webhook_encrypted is None:
        return
    record(organisation.id, actor, "notices changed", f"Notices no longer go to {settings.webhook_host}.")
    settings.webhook_encrypted = settings.webhook_host = None
    settings.problem = settings.problem_at = None
    db.session.commit()
    erase_traces()


def send_trial(organisation: Organisation, actor: str) -> None:
    """Send a notice that says it is a trial. Raises PortalError where it fails.

    Raises Refused where there is nowhere, and when very many were sent within an hour.
    """
    settings = find_notice_settings(organisation)
    if settings is None or not (settings.webhook_encrypted or settings.emails):
        raise Refused("Notices go nowhere yet. Save an address first.")
    _count_trial(organisation, actor)
    delivery = _deliver(settings, f"A trial from the portal: notices of {organisation.name} arrive here.")
    _note(settings, delivery.problem)
    if delivery.problem:
        raise PortalError(delivery.problem)


def _count_trial(organisation: Organisation, actor: str) -> None:
    """Count a trial before it is sent: many at once are no way round. Raises Refused."""
    await_turn(Organisation, organisation.id)
    of_trials = HistoryEntry.organisation_id == organisation.id, HistoryEntry.kind == TRIED
    number, minutes = count_lately(HistoryEntry.created_at, *of_trials)
    if number >= MOST_TRIALS_WITHIN_AN_HOUR:
        db.session.rollback()
        raise Refused(
            f"{organisation.name} has sent {number} trials within an hour, and the portal sends no more at once. "
            f"Send the next in {count(minutes, 'minute')}."
        )
    record(organisation.id, actor, TRIED, "Sent a trial of the notices.")
    db.session.commit()


def has_news() -> bool:
    """Whether somebody is to be told of something now."""
    return any(True for _ in _news(now()))


def tell_news() -> int:
    """Tell each organisation what has changed with its mappings; returns how many notices went out."""
    told = 0
    for (settings, trouble), mappings in _together(_news(now())).items():
        words = f"{_named(mappings)}: {trouble.words if trouble else WELL}"
        concerned = Mapping.id.in_([mapping.id for mapping in mappings])
        delivery = _deliver(settings, words + _where(mappings))
        _note(settings, delivery.problem)
        if not delivery.arrived:
            continue  # it stays news
        left = list(db.session.scalars(select(Mapping.id).where(concerned)))  # of those that were told of
        db.session.execute(delete(ToldTrouble).where(ToldTrouble.mapping_id.in_(left)))
        if trouble is not None:
            db.session.add_all(ToldTrouble(mapping_id=each, trouble=trouble.trouble) for each in left)
        db.session.commit()
        told += 1
    return told


def _together(
    news: Iterable[tuple[NoticeSettings, Mapping, Told | None]],
) -> dict[tuple[NoticeSettings, Told | None], list[Mapping]]:
    """One notice for what is the same of several mappings, as a rejected key is of all."""
    found: dict[tuple[NoticeSettings, Told | None], list[Mapping]] = {}
    for settings, mapping, trouble in news:
        found.setdefault((settings, trouble), []).append(mapping)
    return found


def _named(mappings: list[Mapping]) -> str:
    shown = ", ".join(f"{each.event.name} → {each.site_name}" for each in mappings[:MOST_NAMED])
    more = len(mappings) - MOST_NAMED
    return f"{shown} and {more:,} more" if more > 0 else shown


def _news(moment: datetime) -> Iterable[tuple[NoticeSettings, Mapping, Told | None]]:
    """The mappings whose trouble differs from what was last told, and whose organisation can be told now."""
    rows = db.session.execute(
        select(NoticeSettings, Mapping, Connection, ToldTrouble.trouble)
        .join(Mapping, Mapping.organisation_id == NoticeSettings.organisation_id)
        .outerjoin(Connection, Connection.organisation_id == Mapping.organisation_id)
        .outerjoin(ToldTrouble, ToldTrouble.mapping_id == Mapping.id)
        .where(Mapping.removed_at.is_(None))
        .options(joinedload(Mapping.event))
        .order_by(Mapping.id)
    ).all()
    interval = timedelta(seconds=current_settings().sync_interval)
    told = {mapping.id: (settings, before) for settings, mapping, _, before in rows}
    to_judge = [
        (mapping, connection) for settings, mapping, connection, _ in rows if _can_tell(settings, moment)
    ]
    for mapping, facts in find_facts(to_judge, moment):
        settings, before = told[mapping.id]
        trouble = judge(facts, interval, moment)
        if trouble.trouble != before if trouble else is_over(before, facts):
            yield settings, mapping, trouble


def _can_tell(settings: NoticeSettings, moment: datetime) -> bool:
    """Whether there is a way to the organisation, and it has not just failed."""
    waits = settings.problem_at is not None and moment - settings.problem_at < TRY_AGAIN
    return (
        bool(settings.webhook_encrypted or (settings.emails and can_mail(current_settings()))) and not waits
    )


@dataclass(frozen=True, slots=True)
class Delivery:
    """Whether a notice has arrived anywhere, where it is not to be told again; and what went wrong, in words."""

    arrived: bool
    problem: str | None


def _deliver(settings: NoticeSettings, text: str) -> Delivery:
    """Send it everywhere. No transaction is open meanwhile."""
    own = current_settings()
    encrypted, emails = settings.webhook_encrypted, _members_among(settings) if can_mail(own) else []
    db.session.commit()
    problems = []
    if encrypted:
        try:
            address = current_vault().decrypt(encrypted)
            # Names come from outside, and Slack would take “<!channel>” in one for a call to everybody.
            shown = escape(text, quote=False)
            post_json(address, {"text": shown}, private_allowed=own.private_webhooks)
        except NotDelivered as problem:
            problems.append(str(problem))
        except PortalError:
            problems.append(
                "The webhook’s address cannot be read with this installation’s keys. Enter it again."
            )
    for email in emails:
        try:
            send_mail(own, email, text.partition(":")[0], text)
        except MailNotSent as problem:
            problems.append(str(problem))
    for problem_words in problems:
        log.warning("A notice was not delivered: %s", problem_words)
    ways = bool(encrypted) + len(emails)
    return Delivery(not problems or len(problems) < ways, " ".join(problems) or None)


def _members_among(settings: NoticeSettings) -> list[str]:
    """The addresses that still are members': who left is told nothing any more."""
    organisation = db.session.get_one(Organisation, settings.organisation_id)
    members = {each.user.email for each in list_members(organisation)}
    return [each for each in settings.emails if each in members]


def _note(settings: NoticeSettings, problem: str | None) -> None:
    settings.problem, settings.problem_at = problem, now() if problem else None
    db.session.commit()


def _where(mappings: list[Mapping]) -> str:
    address = current_settings().public_url
    if not address:
        return ""
    event = mappings[0].event
    organisation = f" {address}/orgs/{event.organisation.slug}"
    if len(mappings) > 1:
        return f"{organisation}/settings/integrations"
    return f"{organisation}/events/{event.id}/agenda"


def _checked_host(webhook: str) -> str:
    parts = parts_of(webhook if len(webhook) <= LONGEST_ADDRESS and webhook.isprintable() else "")
    allowed = ("https", "http") if current_settings().private_webhooks else ("https",)
    if parts.scheme not in allowed or not parts.hostname or parts.username or parts.password:
        raise Refused("Enter the whole address of the webhook; it begins with https://.", "webhook")
    return parts.hostname
