"""The nginx of docs/nginx.conf before the portal, over HTTPS (G5)."""

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sync_world import wait_until
from web_process import ROOT, Web, free_port

from portal.config import Settings
from portal.core import create_core
from portal.operations.accounts.users import add_user

PASSWORD = "a long password"

pytestmark = pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")


class Proxy:
    """nginx with the configuration of the documentation, on ports and with a certificate of its own."""

    def __init__(self, folder: Path, portal: int) -> None:
        self.plain, self.secure = free_port(), free_port()
        self.certificate = make_certificate(folder)
        text = (ROOT / "docs/nginx.conf").read_text(encoding="utf-8")
        for documented, here in {
            "listen 80;": f"listen 127.0.0.1:{self.plain};",
            "listen 443 ssl": f"listen 127.0.0.1:{self.secure} ssl",
            "http://127.0.0.1:8000": f"http://127.0.0.1:{portal}",
            "/etc/ssl/portal.example.org.pem": str(self.certificate),
            "/etc/ssl/portal.example.org.key": str(folder / "key.pem"),
        }.items():
            assert documented in text
            text = text.replace(documented, here)
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        places = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
        user = "user root;" if os.geteuid() == 0 else ""
        own = folder / "nginx.conf"
        own.write_text(
            f"{user} daemon off; pid {folder}/pid; error_log {folder}/errors; events {{ }}"
            f" http {{ access_log off; {places} {text} }}"
        )
        self._process = subprocess.Popen(["nginx", "-e", folder / "errors", "-c", own])
        wait_until(self.listens)

    def listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.secure)).close()
        except ConnectionRefusedError:
            return False
        return True

    def browser(self) -> requests.Session:
        browser = requests.Session()
        browser.trust_env = False
        browser.verify = str(self.certificate)
        browser.headers["Host"] = "portal.example.org"
        return browser

    def at(self, path: str) -> str:
        return f"https://127.0.0.1:{self.secure}{path}"

    def close(self) -> None:
        self._process.terminate()
        self._process.wait()


def make_certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "portal.example.org")])
    moment = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(moment - timedelta(hours=1))
        .not_valid_after(moment + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    path = folder / "certificate.pem"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    folder = tmp_path_factory.mktemp("web")
    web = Web(folder, public_url="https://portal.example.org", trusted_proxies="127.0.0.1", web_threads=2)
    with create_core(Settings(instance_dir=folder)).app_context():
        add_user("a@example.org", "One", "admin", PASSWORD, "test")
    yield web
    web.close()


@pytest.fixture(scope="module")
def proxy(web: Web, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    proxy = Proxy(tmp_path_factory.mktemp("nginx"), web.port)
    yield proxy
    proxy.close()


def log_in(proxy: Proxy, browser: requests.Session, password: str, **headers: str) -> requests.Response:
    page = browser.get(proxy.at("/login"), timeout=120).text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    # The test reaches the name by a number, for which no browser would keep its cookies.
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies)
    return browser.post(
        proxy.at("/login"),
        data={"email": "a@example.org", "password": password, "csrf_token": token[1]},
        headers={"Referer": "https://portal.example.org/login", "Cookie": cookies, **headers},
        allow_redirects=False,
        timeout=120,
    )


def test_plain_http_leads_to_https(proxy: Proxy) -> None:
    answer = requests.get(f"http://127.0.0.1:{proxy.plain}/login?x=1", allow_redirects=False, timeout=120)

    assert (answer.status_code, answer.headers["Location"]) == (301, "https://portal.example.org/login?x=1")


def test_log_in_through_the_proxy_is_kept_by_https_alone(proxy: Proxy) -> None:
    answer = log_in(proxy, proxy.browser(), PASSWORD)

    assert answer.status_code == 303
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert answer.headers["Set-Cookie"].startswith("__Host-session=")


def test_clients_behind_the_proxy_are_told_apart_by_what_it_sees_alone(proxy: Proxy) -> None:
    tries = [
        log_in(proxy, proxy.browser(), "wrong", **{"X-Forwarded-For": f"203.0.113.{number}"}).status_code
        for number in range(6)
    ]

    assert tries == [422] * 5 + [429]


def test_answer_with_a_long_head_goes_through(proxy: Proxy) -> None:
    search = "%E4%BD%A0" * 300  # an address that goes into another one

    answer = proxy.browser().get(
        proxy.at(f"/orgs/one/history?search={search}"), allow_redirects=False, timeout=120
    )

    assert answer.status_code == 302
    assert len(answer.headers["Location"]) > 4_096


def test_half_sent_requests_wait_in_the_proxy(proxy: Proxy) -> None:
    half = b"GET /login HTTP/1.1\r\nHost: portal.example.org\r\nX-Half: a"
    clients = [socket.create_connection(("127.0.0.1", proxy.plain)) for _ in range(20)]
    for client in clients:
        client.sendall(half)

    assert proxy.browser().get(proxy.at("/login"), timeout=120).status_code == 200
    for client in clients:
        client.close()
