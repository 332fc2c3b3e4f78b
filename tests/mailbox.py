"""A mail server of the tests, which keeps what it takes."""

import socket
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


class Mailbox(Controller):
    """A server at `url`, while it is entered; `mails` are those that it took."""

    def __init__(self, refused: str = "", **options: Any) -> None:
        self.mails: list[EmailMessage] = []
        self._refused = refused
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        super().__init__(self, hostname="127.0.0.1", port=port, **options)
        self.url = f"smtp://127.0.0.1:{port}"

    def __enter__(self) -> "Mailbox":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address == self._refused:
            return "550 nobody here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.mails.append(cast(EmailMessage, message_from_bytes(envelope.content, policy=policy.default)))
        return "250 OK"


def only(user: bytes, password: bytes) -> Any:
    """Lets this user in alone."""

    def judge(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        return AuthResult(success=(given.login, given.password) == (user, password), handled=False)

    return judge
