"""Into the portal and out of it: the one place that opens, knows again and ends a browser's log-in (G1b)."""

from flask import g, request, session
from flask_login import current_user, login_user, logout_user

from portal.extensions import login_manager
from portal.models import User
from portal.operations.accounts.logins import STAY, end_login, open_login, recognise
from portal.text.browsers import describe_browser


def enter(user: User, remembered: bool = False) -> None:
    """Log this browser in; nothing of who used it before stays in its session, the form token included."""
    session.clear()
    user.login_token = open_login(user, describe_browser(request.user_agent.string), remembered)
    login_user(user, remember=remembered, duration=STAY)


def leave() -> None:
    """Log this browser out, here and on the server: a copy of its cookies opens nothing."""
    if current_user.is_authenticated:
        end_login(current_user.id, g.login.id)
    session.clear()
    logout_user()


@login_manager.user_loader
def load_user(token: str) -> User | None:
    found = recognise(token)
    if found is None:
        return None
    user, g.login = found
    user.login_token = token
    return user
