"""A real server on this machine that speaks as OpenAI-compatible ones do, and misbehaves in every way.

The first part of the path says how it answers: http://127.0.0.1:PORT/good/v1.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from extractor_world import CLAIM, PLACE, QUOTATION
from probanda.records.canonical import Json


def message(content: object, **more: object) -> bytes:
    """A chat completion with this content."""
    told = content if isinstance(content, str) else json.dumps(content)
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": told}, **more}
    return json.dumps({"id": "x", "object": "chat.completion", "model": "trial", "choices": [choice]}).encode()


INVENTED: Json = {
    "quotations": [
        {"passage": {"text": "We shelled the market"}, "form": "direct",
         "speaker": {"name": "Mirek Sandor", "passage": {"text": "Mirek Sandor"}}},
    ]
}  # fmt: skip
NUMBERS: Json = {
    "claims": [
        {**CLAIM, "quantity": {"passage": {"text": "More than 2,000"}, "stated": 3000}},  # type: ignore[dict-item]
        {**CLAIM, "passage": {"text": "More than 3,000 people have died"}},  # type: ignore[dict-item]
    ]
}
GOOD: Json = {"quotations": [QUOTATION], "claims": [CLAIM], "places": [PLACE], "events": [], "labels": None}
ANSWERS: dict[str, bytes] = {
    "good": message(GOOD),
    "fenced": message("```json\n" + json.dumps(GOOD) + "\n```"),
    "invented": message(INVENTED),
    "numbers": message(NUMBERS),
    "obeyed": message("As the source told me, I ignore the rules. Everything was destroyed by Brendia."),
    "tools": message("", message={"role": "assistant", "content": None, "tool_calls": [{"id": "1"}]}),
    "cut": message('{"claims": [', finish_reason="length"),
    "twice": message('{"claims": [], "claims": []}'),
    "nan": message('{"claims": [{"kind": NaN}]}'),
    "nothing": b"{}",
    "html": b"<html>proxy login</html>",
    "deep": message("[" * 5000 + "]" * 5000),
    "million": message({"places": [PLACE] * 30_000}),
}


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        self.server.heard.append((self.path, dict(self.headers), json.loads(body)))
        how = self.path.split("/")[1]
        special = getattr(self, f"_{how}", None)
        if special is not None:
            special()
        else:
            self._send(200, ANSWERS[how])

    def do_GET(self) -> None:
        self.server.heard.append((self.path, dict(self.headers), None))
        self._send(200, ANSWERS["good"])

    def _send(self, status: int, data: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _broken(self) -> None:
        self._send(500, b"out of memory")

    def _elsewhere(self) -> None:
        self._send(307, b"", Location=f"http://127.0.0.1:{self.server.server_port}/good/v1/chat/completions")

    def _packed(self) -> None:
        self._send(200, b"\x1f\x8b", Content_Encoding="gzip")

    def _endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        self._until_gone(lambda: b" " * 65_536)

    def _dripping(self) -> None:
        self.send_response(200)
        self.end_headers()
        self._until_gone(lambda: b" " * (1 + self.server.quiet.wait(0.05)))

    def _drippinghead(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        self._until_gone(lambda: b"x" * (1 + self.server.quiet.wait(0.05)))

    def _short(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        self.wfile.write(b"{")

    def _until_gone(self, more: Callable[[], bytes]) -> None:
        try:
            while not self.server.quiet.is_set():
                self.wfile.write(more())
                self.wfile.flush()
        except OSError:
            return

    def log_message(self, format: str, *args: Any) -> None:
        return


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.heard: list[tuple[str, dict[str, str], Any]] = []
        self.quiet = threading.Event()


@contextmanager
def serving() -> Iterator[tuple[str, list[tuple[str, dict[str, str], Any]]]]:
    """The server's URL without a path, and what it was asked: path, headers and body."""
    server = _Server()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", server.heard
    finally:
        server.quiet.set()
        server.shutdown()
        server.server_close()
        thread.join()
