"""What a session and a person are called where nothing but that is said of them."""

from portal.text.matching import trimmed

WITHOUT_TITLE = "Without a title"
WITHOUT_NAME = "Without a name"


def title_of(title: str | None) -> str:
    """A session's title, or words for none."""
    return title or WITHOUT_TITLE


def name_of(
    first_name: str | None, last_name: str | None, email: str | None, otherwise: str = WITHOUT_NAME
) -> str:
    """A person's first and last name, else their e-mail, else these words."""
    parts = (trimmed(part or "") for part in (first_name, last_name))
    return " ".join(part for part in parts if part) or trimmed(email or "") or otherwise
