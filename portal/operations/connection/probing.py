"""Hold what is assumed of ASP against an organisation's own account."""

from sqlalchemy import select

from portal.asp.findings import Finding
from portal.models import Mapping, Organisation, db
from portal.operations.connection.clients import asking


def probe_asp(organisation: Organisation, site_uuid: str, seminar_id: str) -> list[Finding]:
    """A finding per entry of the contract; without a place, a mapped seminar is looked at, else the account's first.

    Raises PortalError where ASP cannot be asked.
    """
    if not site_uuid and not seminar_id:
        site_uuid, seminar_id = _mapped_place(organisation)
    with asking(organisation) as client:
        return client.probe(site_uuid, seminar_id)


def _mapped_place(organisation: Organisation) -> tuple[str, str]:
    mapping = db.session.scalars(
        select(Mapping)
        .where(Mapping.organisation_id == organisation.id, Mapping.removed_at.is_(None))
        .order_by(Mapping.id)
        .limit(1)
    ).first()
    return (mapping.site_uuid, mapping.seminar_uuid) if mapping else ("", "")
