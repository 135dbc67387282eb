"""Time authorities (RFC 3161) for the tests: certificates of their own, `openssl ts -reply` behind HTTP on 127.0.0.1.

Every authority that is made is independent of every other: own root, own key. `behaviour` says how it answers, and
`certificate` what is wrong with what it signs with. The times in its tokens are those of this machine's clock. Where a
token has to name another time, or must come out the same in every run, see `token_maker`.

    with responding(TimeAuthority(tmp_path / "office", "Office")) as office:
        archive.assign_settings("a stamp a day", authorities=(office.authority(),), min_anchors=1)
"""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final, Literal

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID
from token_maker import office, refusal, response

from probanda.records.settings import Authority

Behaviour = Literal["answers", "refuses", "garbage", "empty", "error", "slow", "other data", "huge", "moved"]
Fault = Literal["good", "expired", "not yet valid", "no time stamping", "use not critical", "wrong root"]
CONTENT_TYPE: Final = "application/timestamp-reply"
_DAY: Final = timedelta(days=1)
_TIME_STAMPING: Final = ExtendedKeyUsageOID.TIME_STAMPING


def openssl() -> str:
    """The `openssl` program. Skips the test where it is missing; in CI such a skip is a failure."""
    found = shutil.which("openssl")
    if found is None:
        pytest.skip("needs the program openssl")
    return found


class TimeAuthority:
    """One authority. `certificates` is the PEM that somebody who trusts it is given: its root."""

    def __init__(
        self,
        folder: Path,
        name: str = "Office",
        *,
        certificate: Fault = "good",
        behaviour: Behaviour = "answers",
        days: float = 3650,
    ) -> None:
        """`days`: how long its certificate lasts from now on."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.name = name
        self.behaviour: Behaviour = behaviour
        self.url = "http://127.0.0.1:9/"  # nobody answers there; `responding` puts the real one in its place
        self.asked: list[bytes] = []
        self.released = threading.Event()  # a slow answer ends when the test does
        self._lock = threading.Lock()
        self._program = openssl()
        now = datetime.now(UTC)
        starts, ends = now - _DAY, now + timedelta(days=days)
        if certificate == "expired":
            starts, ends = now - 30 * _DAY, now - _DAY
        elif certificate == "not yet valid":
            starts, ends = now + _DAY, now + 30 * _DAY
        key = ec.generate_private_key(ec.SECP256R1())
        word = f"{name} {os.urandom(4).hex()}"  # keys follow from it, and two of one name are two authorities
        self.office = office(
            word, starts, ends, key=key, critical=certificate != "use not critical",
            use=[ExtendedKeyUsageOID.EMAIL_PROTECTION if certificate == "no time stamping" else _TIME_STAMPING],
        )  # fmt: skip
        trusted = office("another " + word, starts, ends) if certificate == "wrong root" else self.office
        self.certificates = trusted.certificates
        # openssl refuses to sign with a certificate that is not for it; a forger would not use openssl.
        self._forges = certificate in ("no time stamping", "use not critical")
        (folder / "key.pem").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        (folder / "signer.pem").write_bytes(self.office.certificate.public_bytes(serialization.Encoding.PEM))
        (folder / "root.pem").write_text(self.certificates)
        (folder / "serial").write_text("01\n")
        (folder / "tsa.cnf").write_text(_CONFIGURATION.format(folder=folder))

    def authority(self) -> Authority:
        """As a case's settings name it."""
        return Authority(self.name, self.url, self.certificates)

    def reply(self, request: bytes) -> bytes:
        """The answer to a request as `openssl ts -reply` makes it."""
        if self._forges:
            raise ValueError("openssl signs no token with such a certificate; ask for `stamp`")
        with self._lock:  # the serial number's file has one writer
            query, answer = self.folder / "query.tsq", self.folder / "answer.tsr"
            query.write_bytes(request)
            subprocess.run(
                [self._program, "ts", "-reply", "-config", self.folder / "tsa.cnf", "-section", "tsa",
                 "-queryfile", query, "-out", answer],
                check=True, capture_output=True,
            )  # fmt: skip
            return answer.read_bytes()

    def stamp(self, data: bytes, algorithm: str = "sha256") -> bytes:
        """An answer over `data`, without asking over the network."""
        if self._forges:
            return response(self.office, data, datetime.now(UTC), digest=algorithm)
        return self.reply(self.query(data, algorithm))

    def query(self, data: bytes, algorithm: str = "sha256") -> bytes:
        """A request as `openssl ts -query` makes it."""
        path = self.folder / "data"
        path.write_bytes(data)
        made = subprocess.run(
            [self._program, "ts", "-query", "-data", path, f"-{algorithm}", "-cert"], check=True, capture_output=True
        )
        return made.stdout

    def openssl_verifies(self, data: bytes, response: bytes) -> bool:
        """Whether `openssl ts -verify` takes the response for one over `data`, by the root that is given out."""
        for name, content in (("data", data), ("given.tsr", response)):
            (self.folder / name).write_bytes(content)
        done = subprocess.run(
            [self._program, "ts", "-verify", "-data", self.folder / "data", "-in", self.folder / "given.tsr",
             "-CAfile", self.folder / "root.pem"],
            capture_output=True, check=False, env={**os.environ, "LC_ALL": "C"},
        )  # fmt: skip
        return done.returncode == 0 and b"Verification: OK" in done.stdout + done.stderr

    def answer(self, request: bytes) -> tuple[int, bytes]:
        """Status and body that go out over HTTP."""
        self.asked.append(request)
        if self.behaviour == "error":
            return 503, b"the office is closed"
        if self.behaviour == "moved":
            return 302, b""
        if self.behaviour == "empty":
            return 200, b""
        if self.behaviour == "garbage":
            return 200, b"<html>Please sign in to this network</html>"
        if self.behaviour == "huge":
            return 200, b"\x30" * (4 * 1024 * 1024)
        if self.behaviour == "refuses":
            return 200, refusal("the office stamps no such thing")
        if self.behaviour == "slow":
            self.released.wait(30)
        if self.behaviour == "other data":
            return 200, self.stamp(b"something else")
        return 200, self.reply(request)


@contextmanager
def responding(authority: TimeAuthority) -> Iterator[TimeAuthority]:
    """The authority, answering at `authority.url` until the block ends."""

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            status, body = authority.answer(request)
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.send_header("Content-Type", CONTENT_TYPE)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                self.wfile.write(body)
            except OSError:
                return  # who asked has gone away

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    authority.url = f"http://127.0.0.1:{server.server_address[1]}/"
    try:
        yield authority
    finally:
        authority.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


_CONFIGURATION: Final = """
[tsa]
dir = {folder}
serial = $dir/serial
crypto_device = builtin
signer_cert = $dir/signer.pem
signer_key = $dir/key.pem
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
digests = sha256, sha384, sha512
accuracy = secs:1
ordering = yes
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""
