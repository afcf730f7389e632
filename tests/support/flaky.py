"""Report tests that passed only on retry, with the failure of the first attempt.

With `--reruns=1`, which `make test` uses for tests with kernels and browsers, a failed test is retried once. That is for a
machine under load, not for a test with a race: the first failure is printed completely at the end, and reported as flaky in
the last lines.
"""

import pytest

# Failures of first attempts, by test name.
_FIRST_FAILURES = pytest.StashKey[dict[str, str]]()


def pytest_configure(config):
    config.stash[_FIRST_FAILURES] = {}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    failures = item.config.stash[_FIRST_FAILURES]
    if report.failed:
        failures.setdefault(item.nodeid, report.longreprtext)
    elif call.when == "teardown" and item.nodeid in failures:
        # `tools/reports.py` finds it there.
        report.user_properties.append(("first_failure", _reason_of(failures[item.nodeid])))
    return report


def _reason_of(failure):
    """Return the first line that pytest marks as the error."""
    return next((line[1:].strip() for line in failure.splitlines() if line.startswith("E ")), failure)


def pytest_terminal_summary(terminalreporter, config):
    again = {report.nodeid for report in terminalreporter.stats.get("rerun", [])}
    for name in again:
        terminalreporter.section(f"tried again: {name}", red=True)
        terminalreporter.write_line(config.stash[_FIRST_FAILURES][name])
    failed = {
        report.nodeid for kind in ("failed", "error") for report in terminalreporter.stats.get(kind, [])
    }
    for name in sorted(again - failed):
        reason = _reason_of(config.stash[_FIRST_FAILURES][name])
        terminalreporter.write_line(f"FLAKY {name} - {reason}", red=True)
