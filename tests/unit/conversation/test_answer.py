"""`Answer`: what a chat leaves in a variable."""

import base64

import pytest

from openrouter_nb.components import ChatResult
from openrouter_nb.conversation.answer import Answer, Citation
from openrouter_nb.conversation.media import Media

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def result(finish_reason="stop", **message):
    choice = {"message": {"role": "assistant", **message}, "finish_reason": finish_reason}
    usage = {"prompt_tokens": 3, "completion_tokens": 4, "cost": 0.5}
    return ChatResult.model_validate({"model": "demo/x", "choices": [choice], "usage": usage})


def url_of(data, kind="image/png"):
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def test_it_is_its_text():
    answer = Answer(result(content="*Paris*"))
    assert str(answer) == answer.text == "*Paris*"
    assert (answer.model, answer.cost, answer.finish_reason) == ("demo/x", 0.5, "stop")
    assert repr(answer) == "<Answer of demo/x: '*Paris*'>"


def test_what_was_stopped_says_so():
    answer = Answer(result(content="Pa"), complete=False)
    assert "not complete" in repr(answer)
    assert "Stopped" in answer._repr_mimebundle_()[0]["text/plain"]


def test_an_answer_without_choices_is_empty_everywhere():
    answer = Answer(ChatResult())
    assert (answer.text, answer.reasoning, answer.refusal, answer.model) == ("", "", "", None)
    assert (answer.usage, answer.cost, answer.finish_reason, answer.parsed) == (None, None, None, None)
    assert (answer.tool_calls, answer.images, answer.audio, answer.citations) == ([], [], None, [])


def test_reasoning_is_read_from_its_details_where_no_text_repeats_them():
    details = [
        {"type": "reasoning.summary", "summary": "First."},
        {"type": "reasoning.text", "text": "Then."},
    ]
    assert Answer(result(reasoning_details=details)).reasoning == "First.\n\nThen."
    assert Answer(result(reasoning_details=details, reasoning="Plain")).reasoning == "Plain"


def test_a_picture_is_bytes_that_show_and_save_themselves(tmp_path):
    (picture,) = Answer(result(images=[{"image_url": {"url": url_of(PNG)}}])).images
    assert picture == Media("image", "image/png", PNG)
    assert picture._repr_mimebundle_()["image/png"] == base64.b64encode(PNG).decode()
    assert picture.save(tmp_path / "a.png").read_bytes() == PNG
    with pytest.raises(FileExistsError):
        picture.save(tmp_path / "a.png")


@pytest.mark.parametrize(
    "entry",
    [
        None,
        {},
        {"image_url": None},
        {"image_url": {"url": ""}},
        {"image_url": {"url": "data:image/png;base64,?"}},
    ],
)
def test_what_is_no_picture_is_left_out(entry):
    assert Answer(result(images=[entry])).images == []


def test_a_picture_that_could_run_is_never_shown():
    (picture,) = Answer(result(images=[{"image_url": {"url": url_of(b"<svg/>", "image/svg+xml")}}])).images
    assert list(picture._repr_mimebundle_()) == ["text/plain"]


def test_the_address_of_a_picture_is_kept_and_not_fetched():
    (picture,) = Answer(result(images=[{"image_url": {"url": "https://example.org/a.png"}}])).images
    assert (picture.url, picture.data) == ("https://example.org/a.png", b"")
    with pytest.raises(ValueError, match=r"only a URL"):
        picture.save("a.png")


def test_sound_comes_with_what_is_spoken():
    wav = b"RIFF\x00\x00\x00\x00WAVE" + bytes(8)
    audio = Answer(result(audio={"data": base64.b64encode(wav).decode(), "transcript": "Hello"})).audio
    assert (audio.media_type, audio.data, audio.transcript) == ("audio/wav", wav, "Hello")
    assert audio._repr_mimebundle_()["text/html"].startswith("<audio controls")


def test_sound_is_whole_where_each_piece_of_the_stream_was_encoded_on_its_own():
    wav = b"RIFF\x00\x00\x00\x00WAVE" + bytes(range(50))
    pieces = [base64.b64encode(wav[start : start + 7]).decode() for start in range(0, len(wav), 7)]
    assert Answer(result(audio={"data": "".join(pieces)})).audio.data == wav
    assert Answer(result(audio={"data": "not base64!"})).audio is None


def test_citations_are_read_and_others_left_out():
    cited = {"url": "https://example.org", "title": "T", "start_index": 1, "end_index": 5}
    annotations = [{"type": "url_citation", "url_citation": cited}, {"type": "file", "file": {}}]
    assert Answer(result(annotations=annotations)).citations == [
        Citation("https://example.org", "T", "", 1, 5)
    ]


def test_tool_calls_are_those_of_the_answer():
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    (found,) = Answer(result("tool_calls", tool_calls=[call])).tool_calls
    assert (found.function.name, found.function.arguments) == ("f", "{}")


def test_it_shows_itself_without_scripts():
    bundle, _ = Answer(
        result(content="a <script>alert(1)</script>", reasoning="thinking")
    )._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    assert "<script" not in bundle["text/html"]
    assert "<details>" in bundle["text/html"]
