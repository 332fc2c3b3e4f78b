"""Mail, where PORTAL_SMTP_URL names a server that takes it."""

import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import SplitResult, unquote, urlsplit

from portal.config import Settings
from portal.errors import PortalError

TIMEOUT = 10.0  # seconds that a mail server may be silent
LOCAL = ("localhost", "127.0.0.1", "::1")
PORTS = {"smtp": 25, "smtps": 465}


class MailNotSent(PortalError):
    """The mail server did not take a mail."""


def can_mail(settings: Settings) -> bool:
    """Whether there is a mail server."""
    return bool(settings.smtp_url)


def send_mail(settings: Settings, to: str, subject: str, text: str) -> None:
    """Hand a mail to the server, encrypted where it can; returns when it has taken it. Raises MailNotSent."""
    server = urlsplit(settings.smtp_url)
    message = EmailMessage()
    message["From"] = settings.mail_from or f"portal@{urlsplit(settings.public_url).hostname or 'localhost'}"
    message["To"] = to
    # Names of events come from outside, and a header is one line.
    message["Subject"] = " ".join(subject.split())
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    try:
        with _connect(server) as client:
            client.send_message(message)
    except (OSError, smtplib.SMTPException, UnicodeError) as problem:
        raise MailNotSent(f"The mail server did not take the mail to {to}: {_words(problem)}") from problem


def _connect(server: SplitResult) -> smtplib.SMTP:
    host, port = server.hostname or "", server.port or PORTS[server.scheme]
    if server.scheme == "smtps":
        client: smtplib.SMTP = smtplib.SMTP_SSL(
            host, port, timeout=TIMEOUT, context=ssl.create_default_context()
        )
    else:
        client = smtplib.SMTP(host, port, timeout=TIMEOUT)
        client.ehlo()
        if client.has_extn("starttls"):
            client.starttls(context=ssl.create_default_context())
        elif server.username and host not in LOCAL:
            client.close()
            raise MailNotSent("The mail server offers no encryption, so that its password was not sent.")
    if server.username:
        client.login(unquote(server.username), unquote(server.password or ""))
    return client


def _words(problem: Exception) -> str:
    """What an admin can be told; of a refused log-in no more than that."""
    if isinstance(problem, smtplib.SMTPAuthenticationError):
        return "it does not accept the user and password of PORTAL_SMTP_URL."
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        return "it does not know this address."
    return f"{type(problem).__name__}."
