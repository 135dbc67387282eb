"""Sending bytes to a server and getting its answer: for time authorities, who are asked over HTTP (RFC 3161, 3.4).

Guarantees: one request, one answer, within a time and a size; nothing follows a redirection, since what a case's
settings name is who is asked. No proxy is taken from the environment. Refuses with `PostError`, which says what was
expected and found.
"""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Final

Post = Callable[[str, bytes, str], bytes]  # URL, body, content type -> body of the answer

TIMEOUT_S: Final = 30.0  # for the whole answer; arbitrary: authorities answer in well under a second
MAX_ANSWER_BYTES: Final = 1024 * 1024  # arbitrary: time stamps have some 10 kB
_CHUNK: Final = 65_536


class PostError(Exception):
    """Nothing usable came back."""


def post(url: str, body: bytes, content_type: str, *, timeout_s: float = TIMEOUT_S) -> bytes:
    """The body of the answer with status 200. Raises `PostError`."""
    ends = time.monotonic() + timeout_s
    try:
        asked = urllib.request.Request(  # noqa: S310 - the opener below knows http and https alone
            url, body, {"Content-Type": content_type, "User-Agent": "probanda"}, method="POST"
        )
        with _opener().open(asked, timeout=timeout_s) as answer:
            found = bytearray()
            while chunk := answer.read1(_CHUNK):
                found += chunk
                if len(found) > MAX_ANSWER_BYTES:
                    raise PostError(f"expected an answer of at most {MAX_ANSWER_BYTES} bytes, found more")
                if time.monotonic() > ends:
                    raise PostError(f"expected the whole answer within {timeout_s:g} s, found it still coming")
            return bytes(found)
    except urllib.error.HTTPError as error:
        error.close()
        if 300 <= error.code < 400:
            raise PostError(
                f"expected an answer, found a redirection (HTTP {error.code}); name the right URL"
            ) from error
        raise PostError(f"expected an answer with HTTP 200, found {error.code} {error.reason!r:.80}") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise PostError(f"expected an answer, found: {reason}") from error


def _opener() -> urllib.request.OpenerDirector:
    """Knows http and https, and takes no redirection for an answer."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener
