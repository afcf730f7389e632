"""Says which tests passed only when they were tried again, and why the first attempt failed.

With `--reruns=1`, which `make test` gives where kernels and browsers run, a test that failed is tried once more. That is for
a machine that hiccups, not for a test that races: the first failure is printed whole at the end, and named as flaky in the
last lines.
"""

import pytest

# Why a test failed at its first attempt, by its name.
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
    """The first line that pytest marks as the error."""
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
