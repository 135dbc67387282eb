"""One page, shown on this machine alone.

Guarantees: the server listens on the loopback address only, answers one path, and only to a request that names this
machine as host (a page of another site that had its name point here would name its own). Nothing else in a case folder
can be asked for, and nobody notes who looked at what.
"""

from __future__ import annotations

import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from probanda.cli.output import CommandError

_OURS = ("127.0.0.1", "localhost")


@contextmanager
def bound(page: Path) -> Iterator[ThreadingHTTPServer]:
    """A server that will show `page`, at a free port. Raises `CommandError`."""
    content = page.read_bytes()

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the name that http.server calls
            if self.path != "/" or self.headers.get("Host", "").rpartition(":")[0] not in _OURS:
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Cache-Control", "no-store")
            self.send_header("X-Content-Type-Options", "nosniff")
            self.send_header("Referrer-Policy", "no-referrer")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Who looked at which passage is nobody's business on this machine."""

    try:
        # Threads: browsers open connections ahead and leave them idle, which one thread would wait for.
        server = ThreadingHTTPServer((_OURS[0], 0), Page)
    except OSError as error:
        raise CommandError(f"expected a free port on this machine, found: {error.strerror or error}") from error
    with server:
        yield server


def address(server: ThreadingHTTPServer) -> str:
    return f"http://{_OURS[0]}:{server.server_port}/"


def show(server: ThreadingHTTPServer) -> None:
    """Opens the page in the browser and serves it until interrupted."""
    webbrowser.open(address(server))
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        return
