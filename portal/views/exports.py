"""An event's programme as a file to keep, to edit and to bring in again."""

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from portal.models import Event, Organisation
from portal.operations.files.exporting import export_programme
from portal.operations.files.formats import ExportFormat
from portal.views.access import EVENT, for_members
from portal.views.downloads import download

blueprint = Blueprint("exports", __name__)


@blueprint.get(f"{EVENT}/export/<table>.<ending>")
@for_members
def export_download(organisation: Organisation, event: Event, table: str, ending: str) -> ResponseReturnValue:
    people = table == "people"
    if table not in ("agenda", "people") or ending not in set(ExportFormat):
        abort(404)
    if people and ending == ExportFormat.JSON:
        abort(404)
    file = export_programme(event, ExportFormat(ending), people)
    return download(file.name, ExportFormat(ending), file.content)
