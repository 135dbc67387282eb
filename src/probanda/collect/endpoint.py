"""Asking a server that speaks as OpenAI-compatible ones do: one request, one answer, and nothing that leads elsewhere.

Guarantees: the name in the URL is resolved once, and the connection goes to that address, so that a name which says
something else a moment later changes nothing; without `remote` every address of the name is this machine's own; with it
none is this machine's or of a network that only looks inward. No redirection is followed, no proxy is taken from the
environment, no compressed answer is unpacked. The whole exchange, also one that drips, ends within its time and size.
Refuses with `EndpointError`, which says what was expected and found.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
import threading
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

MAX_ANSWER_BYTES: Final = 4 * 2**20  # arbitrary: an answer of 16,384 tokens has some 100 kB
_CHUNK: Final = 65_536
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
_PATH = re.compile(r"[A-Za-z0-9._~/-]*")


class EndpointError(Exception):
    """The endpoint cannot be asked, or nothing usable came back."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Whom to ask: the scheme, the name and port in the URL, its path, and the address that the name had."""

    scheme: str
    name: str
    port: int
    path: str
    address: str

    @property
    def host(self) -> str:
        return f"{self.name}:{self.port}"

    @property
    def local(self) -> bool:
        return _plain(self.address).is_loopback


def endpoint(url: str, *, remote: bool = False) -> Endpoint:
    """The endpoint at `url` ("http://127.0.0.1:11434/v1"). Raises `EndpointError`."""
    if not url.isascii() or not url.isprintable() or " " in url:
        raise EndpointError("expected a URL in plain characters, found others")
    try:
        parts = urlsplit(url)
        name, port = parts.hostname, parts.port
    except ValueError as error:
        raise EndpointError(f"expected a URL such as http://127.0.0.1:11434/v1, found: {error}") from error
    if parts.scheme not in ("http", "https") or not name:
        raise EndpointError(f"expected a URL with http or https and a host, found {parts.scheme or 'no scheme'!r:.40}")
    if parts.username is not None or parts.password is not None:
        raise EndpointError("expected a URL without user and password, found some; give a key in a file: --key-file")
    if parts.query or parts.fragment or not _PATH.fullmatch(parts.path):
        raise EndpointError("expected a URL that ends with a plain path such as /v1, found more behind it")
    port = port or (443 if parts.scheme == "https" else 80)
    addresses = _addresses(name, port)
    local = [_plain(address).is_loopback for address in addresses]
    if not remote and not all(local):
        raise EndpointError(
            f"expected an endpoint on this machine, found {name!r:.80}, which is elsewhere. Texts leave this machine "
            "only with --remote, and of protected items never"
        )
    if remote:
        inward = [address for address in addresses if _inward(address)]
        if inward:
            raise EndpointError(
                f"expected a public address behind {name!r:.80}, found {inward[0]}, which points inward; an endpoint "
                "on this machine needs no --remote, and one on another machine of yours a public address"
            )
        if parts.scheme != "https":
            raise EndpointError(
                "expected https for an endpoint that is elsewhere, found http: texts would be readable on the way"
            )
    return Endpoint(parts.scheme, name, port, parts.path.rstrip("/"), addresses[0])


def ask(whom: Endpoint, body: bytes, *, key: str | None = None, timeout_s: float = 120.0) -> bytes:
    """The body of the answer to `body`, posted to the endpoint's chat completions. Raises `EndpointError`."""
    connection = _Pinned(whom, timeout_s) if whom.scheme == "http" else _PinnedTls(whom, timeout_s)
    over = threading.Event()
    ending = threading.Timer(timeout_s, _end, (connection, over))  # sockets know only how long a single read may take
    ending.daemon = True
    ending.start()
    try:
        found = _exchange(connection, whom, body, key)
        if over.is_set():  # what was cut off here may look like a whole answer
            raise TimeoutError
        return found
    except (OSError, http.client.HTTPException, ValueError) as error:
        if over.is_set():
            raise EndpointError(f"expected the whole answer within {timeout_s:g} s, found it not there") from error
        raise EndpointError(f"expected an answer from {whom.host}, found: {error!s:.200}") from error
    finally:
        ending.cancel()
        connection.close()


def _exchange(connection: http.client.HTTPConnection, whom: Endpoint, body: bytes, key: str | None) -> bytes:
    headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "probanda"}
    if key is not None:
        headers["Authorization"] = f"Bearer {key}"
    connection.request("POST", f"{whom.path}/chat/completions", body, headers)
    answer = connection.getresponse()
    if 300 <= answer.status < 400:
        raise EndpointError(f"expected an answer, found a redirection (HTTP {answer.status}), which is not followed")
    if answer.status != 200:
        raise EndpointError(f"expected an answer with HTTP 200, found {answer.status} {answer.reason!r:.80}")
    packed = answer.headers.get("Content-Encoding", "identity")
    if packed != "identity":
        raise EndpointError(f"expected an answer that is not compressed, found {packed!r:.40}")
    found = bytearray()
    while chunk := answer.read1(_CHUNK):
        found += chunk
        if len(found) > MAX_ANSWER_BYTES:
            raise EndpointError(f"expected an answer of at most {MAX_ANSWER_BYTES} bytes, found more")
    if answer.length:
        raise EndpointError(f"expected {answer.length} bytes more of the answer, found its end")
    return bytes(found)


def _end(connection: _Pinned | _PinnedTls, over: threading.Event) -> None:
    over.set()
    held = connection.held
    if held is not None:
        try:
            held.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it is over already


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was looked up, whatever the name says now. `held` is its socket, also when the
    answer has taken it over."""

    held: socket.socket | None = None

    def __init__(self, whom: Endpoint, timeout_s: float) -> None:
        super().__init__(whom.name, whom.port, timeout=timeout_s)
        self._whom = whom

    def connect(self) -> None:
        self.sock = self.held = socket.create_connection((self._whom.address, self._whom.port), self.timeout)


class _PinnedTls(http.client.HTTPSConnection):
    """The same with TLS: the certificate has to be for the name."""

    held: socket.socket | None = None

    def __init__(self, whom: Endpoint, timeout_s: float) -> None:
        self._tls = ssl.create_default_context()
        super().__init__(whom.name, whom.port, timeout=timeout_s, context=self._tls)
        self._whom = whom

    def connect(self) -> None:
        self.sock = self.held = socket.create_connection((self._whom.address, self._whom.port), self.timeout)
        self.sock = self.held = self._tls.wrap_socket(self.sock, server_hostname=self._whom.name)


def _addresses(name: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:  # the latter for a name that can be none: "..", a label too long
        raise EndpointError(f"expected an address behind {name!r:.80}, found: {error}") from error
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    if not addresses:
        raise EndpointError(f"expected an address behind {name!r:.80}, found none")
    return addresses


def _plain(address: str) -> _Address:
    """The address; the IPv4 address inside an IPv6 one that is only another way to write it."""
    found = ipaddress.ip_address(address.partition("%")[0])
    return getattr(found, "ipv4_mapped", None) or found


def _inward(address: str) -> bool:
    """Whether the address, or one that is carried in it to be unpacked on the way, is none of the public network."""
    found = _plain(address)
    carried = [getattr(found, "sixtofour", None), *(getattr(found, "teredo", None) or ())]
    if found in _TRANSLATED:
        carried.append(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF))
    return any(not one.is_global or one.is_multicast for one in (found, *carried) if one is not None)
