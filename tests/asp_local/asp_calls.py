"""The seed that the tests run on, a thin client, and factories of what is sent."""

from typing import Any

import requests

SITE = "AAAAAAAA-0000-4000-8000-00000000000A"
OTHER_SITE = "BBBBBBBB-0000-4000-8000-00000000000B"
SEMINAR = "AAAAAAAA-1111-4000-8000-000000000001"
OTHER_SEMINAR = "BBBBBBBB-2222-4000-8000-000000000002"
UNKNOWN = "DDDDDDDD-0000-4000-8000-00000000000D"
CUSTOM_FIELDS = [
    {"slug": "sessionboard_id", "type": "text"},
    {"slug": "sessionboard-content", "type": "url"},
    {"slug": "levels-checkbox", "type": "checkbox"},
    {"slug": "panel-moderator", "type": "speakerlist"},
]
SEED: dict[str, Any] = {
    "accounts": [
        {"api_key": "key", "api_secret": "secret", "sites": [SITE]},
        {"api_key": "other-key", "api_secret": "other-secret", "sites": [OTHER_SITE]},
    ],
    "sites": [
        {"Uuid": SITE, "Name": "First site", "Slug": "first", "TimeZone": "Europe/Paris"},
        {"Uuid": OTHER_SITE, "Name": "Other site", "Slug": "other"},
    ],
    "seminars": [
        {
            "Uuid": SEMINAR,
            "Id": 71,
            "SiteUuid": SITE,
            "Name": "Talks",
            "Slug": "talks",
            "custom_fields": CUSTOM_FIELDS,
            "session_types": ["Session", "Keynote"],
        },
        {"Uuid": OTHER_SEMINAR, "Id": 72, "SiteUuid": OTHER_SITE, "Name": "Elsewhere", "Slug": "elsewhere"},
    ],
}
SESSIONS = "/public/seminars/71/sessions"
SPEAKERS = "/public/speakers"


class Client:
    """Calls the server with a bearer token of one account."""

    def __init__(self, url: str, key: str = "key", secret: str = "secret") -> None:
        self.url = url
        self.session = requests.Session()
        self.token = self.call("POST", "/public/token", auth=(key, secret)).json()
        self.session.headers["Authorization"] = f"Bearer {self.token}"

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> requests.Response:
        return self.session.request(method, self.url + path, json=body, timeout=120, **options)

    def get(self, path: str) -> requests.Response:
        return self.call("GET", path)

    def post(self, path: str, body: Any) -> requests.Response:
        return self.call("POST", path, body)

    def put(self, path: str, body: Any) -> requests.Response:
        return self.call("PUT", path, body)


def asp_session(**overrides: Any) -> dict[str, Any]:
    return {
        "Title": "A talk",
        "StartTime": "2027-01-30T09:30:00",
        "EndTime": "2027-01-30T10:00:00",
        "ClientSessionId": "C1",
    } | overrides


def asp_speaker(**overrides: Any) -> dict[str, Any]:
    return {
        "SiteUuid": SITE,
        "FirstName": "First",
        "LastName": "Last",
        "Email": "first.last@example.org",
    } | overrides


def fields_of(answer: requests.Response) -> list[str]:
    """The fields that a 422 names, in order of name."""
    return sorted(problem["field"] for problem in answer.json()["errors"])
