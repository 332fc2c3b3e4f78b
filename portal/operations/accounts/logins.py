"""Log-ins as the server knows them: one row for each, which ends when the row does (G1b)."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.exc import OperationalError

from portal.models import Login, User, db, now
from portal.secrets import new_token, token_hash

STAY = timedelta(days=14)  # no log-in lasts longer, remembered or not
UNUSED = timedelta(hours=12)  # after this time without a page one that is not remembered ends
NOTED_EVERY = timedelta(minutes=10)  # when it was last seen is not written at every page


def open_login(user: User, browser: str, remembered: bool) -> str:
    """Log somebody in; returns the token of the browser's cookie, which is kept nowhere else."""
    token = new_token()
    moment = now()
    db.session.execute(delete(Login).where(Login.user_id == user.id, ~_lasts(moment)))
    db.session.add(
        Login(
            user_id=user.id,
            token_hash=token_hash(token),
            browser=browser,
            remembered=remembered,
            made_at=moment,
            seen_at=moment,
        )
    )
    db.session.commit()
    return token


def recognise(token: str) -> tuple[User, Login] | None:
    """The user who has logged in with this token, while the log-in lasts."""
    moment = now()
    found = db.session.execute(
        select(User, Login)
        .join(Login, Login.user_id == User.id)
        .where(Login.token_hash == token_hash(token), _lasts(moment))
    ).first()
    if found is None:
        return None
    user, login = found
    if login.seen_at < moment - NOTED_EVERY:
        _note_seen(login, moment)
    return user, login


def list_logins(user_id: int) -> list[Login]:
    """The log-ins of a user that last, the one used last first."""
    lasting = select(Login).where(Login.user_id == user_id, _lasts(now()))
    return list(db.session.scalars(lasting.order_by(Login.seen_at.desc(), Login.id.desc())))


def end_login(user_id: int, login_id: int) -> None:
    """End one log-in of this user; of anybody else's, or one that has ended, nothing happens."""
    db.session.execute(delete(Login).where(Login.user_id == user_id, Login.id == login_id))
    db.session.commit()


def end_logins(user_id: int) -> None:
    """End all log-ins of a user, in the caller's transaction."""
    db.session.execute(delete(Login).where(Login.user_id == user_id))


def _lasts(moment: datetime) -> ColumnElement[bool]:
    used = or_(Login.remembered, Login.seen_at > moment - UNUSED)
    return and_(Login.made_at > moment - STAY, used)


def _note_seen(login: Login, moment: datetime) -> None:
    try:
        db.session.execute(update(Login).where(Login.id == login.id).values(seen_at=moment))
        db.session.commit()
    except OperationalError:  # a long import holds the database: a page does not fail for that
        db.session.rollback()
