"""What holds for every test: in CI a mandatory test that is skipped is a failure, and nothing reads the environment.

A test that needs what a machine may lack (a browser, real input that is not in the project) is marked `optional` and
says in its skip what is missing. Every other test is mandatory.
"""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest

_SKIPPED: list[str] = []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and item.get_closest_marker("optional") is None:
        _SKIPPED.append(f"{item.nodeid}: {report.longrepr}")
    return report


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if _SKIPPED and os.environ.get("CI") and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in _SKIPPED:
        terminalreporter.write_line(f"mandatory test skipped: {line}", red=True)
