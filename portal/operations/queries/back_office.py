"""Where an admin finds what was synced in ASP's own back office (E7)."""

from portal.asp.contract import load_contract
from portal.config import current_settings
from portal.models import Mapping


def sessions_in_back_office(mapping: Mapping | None) -> str | None:
    """The address of the seminar's sessions there; None where no setting says where the back office is."""
    settings = current_settings()
    base = settings.asp_back_office.rstrip("/")
    if mapping is None or not base:
        return None
    paths = load_contract(settings.asp_contract).paths
    return base + paths.back_office_sessions.format(number=mapping.seminar_number)
