"""Media of an answer: read from each wire shape, with a type and bytes that can be trusted."""

import base64

import pytest

from openrouter_nb.components.responses.media_parts import MediaPart, audio_format, field_media, message_media

PNG = b"\x89PNG\r\n\x1a\n" + bytes(9)
EVIL = '"><script>'


def data_url(data, declared="image/png"):
    return f"data:{declared};base64,{base64.b64encode(data).decode()}"


def test_media_of_a_message_is_that_of_its_fields_and_then_of_its_content():
    one, two, three = (data_url(PNG + bytes([number])) for number in range(3))
    message = {
        "content": [{"type": "text", "text": "See"}, {"type": "image_url", "image_url": {"url": three}}],
        "images": [{"type": "image_url", "image_url": {"url": one}}, {"image_url": two}],
        "audio": {"data": "AAAA", "transcript": "Hello", "id": "a"},
    }
    images = [MediaPart("image", url) for url in (one, two, three)]
    audio = MediaPart("audio", encoded="AAAA", transcript="Hello")
    assert message_media(message) == [*images[:2], audio, images[2]]
    assert field_media(message) == [*images[:2], audio]


@pytest.mark.parametrize("odd", [None, 0, 7, "", "x", [], {}, [None], [[]], [{"image_url": []}], {"data": 7}])
def test_fields_of_an_odd_shape_hold_no_media(odd):
    assert message_media({"content": odd, "images": odd, "audio": odd}) == []


@pytest.mark.parametrize(
    ("part", "media_type", "data"),
    [
        (MediaPart("image", data_url(PNG, "image/jpeg")), "image/png", PNG),
        (MediaPart("image", data_url(b"<svg/>", "image/SVG+XML")), "image/svg+xml", b"<svg/>"),
        (MediaPart("image", data_url(b"x", f"image/{EVIL}")), "", b"x"),
        (MediaPart("image", data_url(b"x", "\x1b[2Jimage/png")), "", b"x"),
        (MediaPart("image", "data:image/svg+xml,<svg/>"), "", b""),
        (MediaPart("image", "https://example.org/a.png"), "", b""),
        (MediaPart("audio", encoded=base64.b64encode(b"OggS").decode() * 2), "audio/ogg", b"OggSOggS"),
        (MediaPart("audio", encoded="AAAAA"), "", b""),
        (MediaPart("audio", transcript="Hello"), "", b""),
    ],
)
def test_the_type_is_detected_from_the_bytes_or_declared(part, media_type, data):
    assert part.decode() == (media_type, data)


def test_raw_samples_get_a_header_if_the_request_names_their_format():
    part = MediaPart("audio", encoded=base64.b64encode(bytes(4)).decode())
    assert part.decode() == ("", bytes(4))
    media_type, data = part.decode("pcm16")
    assert (media_type, data[:4], data[8:12], data[-4:]) == ("audio/wav", b"RIFF", b"WAVE", bytes(4))


@pytest.mark.parametrize("request_audio", [None, "wav", {}, {"format": None}])
def test_a_request_without_a_format_names_none(request_audio):
    assert audio_format({"audio": request_audio}) == audio_format({}) == ""
