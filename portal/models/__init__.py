"""The tables."""

from portal.models.accounts import (
    HistoryEntry,
    Invitation,
    Login,
    Membership,
    Organisation,
    PasswordReset,
    Role,
    User,
)
from portal.models.base import Base, db, now
from portal.models.changes import KeptChange
from portal.models.inserting import insert_or_change, insert_or_keep
from portal.models.integration import (
    Connection,
    FieldMapping,
    FrozenSession,
    KeptField,
    Link,
    LinkKind,
    Mapping,
    UnpublishedSpeaker,
)
from portal.models.notices import NoticeSettings, ToldTrouble
from portal.models.previews import PreviewGroup, StoredPreview, StoredPreviewRecord
from portal.models.programme import (
    Category,
    Choice,
    ChoiceKind,
    Contact,
    ContentFile,
    CustomField,
    Event,
    Participant,
    Session,
    SessionTag,
    Status,
)
from portal.models.run_details import DismissedProblem, RequestLog
from portal.models.runs import ACTIVE, Flash, Outcome, Run, RunRecord, RunStatus, Sighting
from portal.models.sources import NotedMessage, PulledEvent, Source
from portal.models.stamps import Stamped
from portal.models.turns import await_turn
from portal.models.uploads import KEPT, ColumnMemory, Upload
from portal.models.website import WebsiteLook

# The revision of migrations/ that these tables stand at; a test holds the two together.
SCHEMA_REVISION = "0034"

__all__ = [
    "ACTIVE",
    "KEPT",
    "SCHEMA_REVISION",
    "Base",
    "Category",
    "Choice",
    "ChoiceKind",
    "ColumnMemory",
    "Connection",
    "Contact",
    "ContentFile",
    "CustomField",
    "DismissedProblem",
    "Event",
    "FieldMapping",
    "Flash",
    "FrozenSession",
    "HistoryEntry",
    "Invitation",
    "KeptChange",
    "KeptField",
    "Link",
    "LinkKind",
    "Login",
    "Mapping",
    "Membership",
    "NotedMessage",
    "NoticeSettings",
    "Organisation",
    "Outcome",
    "Participant",
    "PasswordReset",
    "PreviewGroup",
    "PulledEvent",
    "RequestLog",
    "Role",
    "Run",
    "RunRecord",
    "RunStatus",
    "Session",
    "SessionTag",
    "Sighting",
    "Source",
    "Stamped",
    "Status",
    "StoredPreview",
    "StoredPreviewRecord",
    "ToldTrouble",
    "UnpublishedSpeaker",
    "Upload",
    "User",
    "WebsiteLook",
    "await_turn",
    "db",
    "insert_or_change",
    "insert_or_keep",
    "now",
]
