"""Requests of pages, each executed once."""

from openrouter_nb.live.feed.executed_requests import ExecutedRequests

MIB = 1024 * 1024


def test_a_request_begins_once_and_has_a_reply_after_its_end():
    requests = ExecutedRequests(lost="lost")
    assert requests.begin(7)
    assert not requests.begin(7)
    assert requests.reply(7) is None
    requests.finish(7, "done")
    assert not requests.begin(7)
    assert requests.reply(7) == "done"
    assert requests.begin(8)


def test_the_last_500_replies_are_stored():
    requests = ExecutedRequests(lost="lost")
    for id_ in range(600):
        assert requests.begin(id_)
        requests.finish(id_, str(id_))
    assert requests.reply(99) is None
    assert requests.reply(100) == "100"


def test_large_replies_are_replaced_and_not_executed_again():
    requests = ExecutedRequests(lost="lost")
    for id_ in range(5):
        requests.begin(id_)
        requests.finish(id_, "large", 10 * MIB)
    assert [requests.reply(id_) for id_ in range(5)] == ["lost", "lost", "large", "large", "large"]
    assert not requests.begin(0)
