"""`chat`, `achat` and `stream`: one question from Python code."""

import asyncio
import gc
import signal
import threading

import pytest

from openrouter_nb import OpenRouter, achat, chat, errors, stream
from openrouter_nb.prompt import PromptError

HELD = {"simulator": {"wait_ms": 0, "hold_after": 20}}
PNG = b"\x89PNG\r\n\x1a\n rest"


def test_one_word_is_enough_to_ask(sent):
    answer = chat("Hello")
    assert (str(answer), answer.complete, answer.model) == ("Hello", True, "demo/parrot")
    assert sent() == [
        {"model": "demo/parrot", "messages": [{"role": "user", "content": "Hello"}], "stream": True}
    ]


def test_what_is_given_is_sent_and_nothing_else(sent):
    chat("Hi", model="demo/echo", system="Be kind.", temperature=0.5, seed=7, extra_body={"new": 1})
    assert sent() == [
        {
            "model": "demo/echo",
            "messages": [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Hi"}],
            "temperature": 0.5,
            "seed": 7,
            "new": 1,
            "stream": True,
        }
    ]


def test_the_messages_of_an_answer_go_on_from_it():
    answer = chat("Hello", system="Be kind.")
    assert [message["role"] for message in answer.messages] == ["system", "user", "assistant"]
    with OpenRouter() as open_router:
        more = [*answer.messages, {"role": "user", "content": "And?"}]
        assert open_router.chat.send(model="demo/parrot", messages=more).text == "And?"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"temprature": 1}, r"chat\(\) has no parameter 'temprature'. Did you mean 'temperature'\?"),
        ({"sytem": "x"}, "Did you mean 'system'"),
        ({"image": "x"}, "Did you mean 'images'"),
        ({"time_out_ms": 1}, "Did you mean 'timeout_ms'"),
        ({"messages": []}, "sets messages itself"),
        ({"stream": True}, "sets stream itself"),
    ],
)
def test_an_unknown_keyword_names_the_nearest_and_sends_nothing(sent, wrong, says):
    with pytest.raises(TypeError, match=says):
        chat("Hi", **wrong)
    assert sent() == []


def test_a_wrong_value_is_refused_before_sending(sent):
    with pytest.raises(errors.ConfigurationError, match="temperature"):
        chat("Hi", temperature=9)
    assert sent() == []


@pytest.mark.parametrize("prompt", ["", None, [], [""]])
def test_without_a_prompt_nothing_is_sent(sent, prompt):
    with pytest.raises(PromptError, match="prompt is empty"):
        chat(prompt)
    assert sent() == []


def test_messages_are_no_prompt_and_the_error_says_what_takes_them():
    with pytest.raises(PromptError, match=r"chat\.send"):
        chat([{"role": "user", "content": "Hi"}])


def test_values_and_pictures_go_with_the_prompt(sent, tmp_path):
    pandas = pytest.importorskip("pandas")
    (tmp_path / "a.png").write_bytes(PNG)
    frame = pandas.DataFrame({"river": ["Rhône"], "km": [813]})
    chat(["Which is longest?", frame], images=[tmp_path / "a.png", str(tmp_path / "a.png"), PNG])
    chat("Look", images="https://example.org/a.png", files=[tmp_path / "a.png"])
    first, second = (body["messages"][0]["content"] for body in sent())
    assert [part["type"] for part in first] == ["text", "image_url", "image_url", "image_url"]
    assert first[0]["text"].startswith("Which is longest?\n\n| river | km |")
    assert [part["type"] for part in second] == ["text", "image_url", "image_url"]
    assert second[1]["image_url"]["url"] == "https://example.org/a.png"


@pytest.mark.parametrize("given", ["nowhere.png", b"text", 7])
def test_what_is_no_picture_is_refused(sent, given):
    with pytest.raises(PromptError):
        chat("Look", images=given)
    assert sent() == []


def test_it_works_where_an_event_loop_runs():
    async def cell():
        return chat("Hello").text

    assert asyncio.run(cell()) == "Hello"


def test_awaited_questions_run_at_once():
    async def three():
        return await asyncio.gather(*(achat(word) for word in ("one", "two", "three")))

    assert [answer.text for answer in asyncio.run(three())] == ["one", "two", "three"]


def test_a_failure_keeps_what_had_arrived():
    pieces = stream("Hi", model="demo/midstream-error")
    with pytest.raises(errors.BadGatewayError) as caught:
        "".join(pieces)
    assert caught.value.partial.text == pieces.answer.text == "Some text that was already paid for "
    assert not pieces.answer.complete


def test_pieces_come_before_the_end_and_reasoning_beside_them():
    pieces = stream("Hi", model="demo/reasoner")
    first = next(iter(pieces))
    assert first == "After"
    assert pieces.reasoning.startswith("The question is simulated")


def test_nothing_is_sent_before_the_first_piece(sent):
    pieces = stream("Hello")
    assert sent() == []
    assert (pieces.text, pieces.answer.complete) == ("", False)
    assert list(pieces) == ["Hello"]
    assert list(pieces) == []
    assert len(sent()) == 1


def test_leaving_the_loop_closes_the_request(simulator):
    for _piece in stream("Hi", model="demo/slow", extra_body=HELD):
        break
    gc.collect()
    simulator.wait_for_close()
    assert simulator.exchanges[-1].outcome == "client gone"


def test_leaving_an_asynchronous_loop_closes_the_request(simulator):
    async def cell():
        async with stream("Hi", model="demo/slow", extra_body=HELD) as pieces:
            return await anext(aiter(pieces))

    assert asyncio.run(cell()) == "This"
    simulator.wait_for_close()
    assert simulator.exchanges[-1].outcome == "client gone"


def test_closing_keeps_what_had_arrived(simulator):
    with stream("Hi", model="demo/slow", extra_body={"simulator": {"wait_ms": 0}}) as pieces:
        next(iter(pieces))
    simulator.wait_for_close()
    assert pieces.answer.text.startswith("This")
    assert not pieces.answer.complete
    assert "closed" in repr(pieces)


def test_a_stream_belongs_to_the_kind_of_loop_that_began_it():
    pieces = stream("one two", extra_body={"simulator": {"chunks": 2}})
    iterator = iter(pieces)
    next(iterator)

    async def other():
        async for _piece in pieces:
            pass

    with pytest.raises(RuntimeError, match="started with `for`"):
        asyncio.run(other())


def test_ctrl_c_closes_the_request_and_says_nothing_else(simulator):
    class Interruptedly(threading.Thread):
        def run(self):
            while not simulator.exchanges or simulator.exchanges[-1].sent_chunks < 2:
                if not main.is_alive():
                    return
            signal.raise_signal(signal.SIGINT)

    main = threading.main_thread()
    # Raised on another thread, it is handled on the main one, as a terminal's Ctrl-C.
    thread = Interruptedly()
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        chat("Hi", model="demo/slow", extra_body={"simulator": {"wait_ms": 0}})
    thread.join()
    simulator.wait_for_close()
    assert simulator.exchanges[-1].outcome == "client gone"


def test_a_client_of_ones_own_is_used(simulator):
    with OpenRouter("sk-or-v1-mine", server_url=simulator.base_url) as open_router:
        chat("Hi", client=open_router)
    assert simulator.requests[-1].headers["authorization"] == "Bearer sk-or-v1-mine"


def test_connections_end_with_the_loop_that_they_belong_to(simulator):
    for word in ("one", "two"):
        assert asyncio.run(achat(word)).text == word
    gc.collect()  # an open connection would be a ResourceWarning, which is an error here
    assert len(simulator.exchanges) == 2
