"""Files and pictures that go with a prompt."""

import base64
import os
import pathlib

import pytest

from openrouter_nb.prompt import PromptError, attach

PNG = b"\x89PNG\r\n\x1a\n rest"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    inside = tmp_path / "work"
    inside.mkdir()
    monkeypatch.chdir(inside)
    return inside


def part(spec, image=False, **namespace):
    return attach(spec, namespace, image=image)[0]


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.png", PNG, "image/png"),
        ("a.dat", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("a.gif", b"GIF89a", "image/gif"),
        ("a.webp", b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
    ],
)
def test_a_picture_is_known_by_its_bytes(folder, name, data, kind):
    (folder / name).write_bytes(data)
    url = f"data:{kind};base64,{base64.b64encode(data).decode()}"
    assert part(name, image=True) == {"type": "image_url", "image_url": {"url": url}}


def test_other_files_have_their_own_parts(folder):
    (folder / "a.pdf").write_bytes(b"%PDF-1.7")
    (folder / "a.wav").write_bytes(b"RIFF\0\0\0\0WAVEfmt ")
    (folder / "a.txt").write_text("grüß Gott", encoding="utf-8")
    assert part("a.pdf")["file"]["filename"] == "a.pdf"
    assert part("a.wav")["input_audio"]["format"] == "wav"
    assert part("a.txt") == {"type": "text", "text": '\n\n<file name="a.txt">\ngrüß Gott\n</file>\n'}


def test_an_address_is_passed_on_and_not_fetched():
    assert part("https://example.org/a.png", image=True)["image_url"]["url"] == "https://example.org/a.png"
    assert part("https://example.org/a.pdf")["file"]["file_data"] == "https://example.org/a.pdf"


def test_a_variable_may_hold_bytes_or_a_path_or_a_picture(tmp_path):
    (tmp_path / "elsewhere.png").write_bytes(PNG)
    assert part("data", image=True, data=PNG)["type"] == "image_url"
    assert part("path", image=True, path=tmp_path / "elsewhere.png")["type"] == "image_url"
    with pytest.raises(PromptError, match="not an image"):
        part("number", image=True, number=3)


def test_the_note_says_name_and_size(folder):
    (folder / "a.txt").write_text("x" * 34_000)
    assert attach("a.txt", {}, image=False)[1] == "a.txt, 34 kB"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("../outside.txt", "is outside"),
        ("/etc/passwd", "is outside"),
        ("~/x.txt", "is outside"),
        ("link.txt", "is outside"),
        (".env", "hidden"),
        (".git/config", "hidden"),
        ("id_rsa", "looks like a key"),
        ("server.pem", "looks like a key"),
        ("server.pem::$DATA", "looks like a key"),
        ("id_rsa. .", "looks like a key"),
        ("credentials.json", "looks like a key"),
        ("folder", "is not a file"),
        ("pipe", "not a file"),
        ("missing.txt", "No such file"),
        ("huge.bin", "20 are allowed"),
        ("noise.bin", "an unsupported type"),
        ("a" * 5000, "is not a path"),
        ("a\0b", "is not a path"),
        ("~no-such-user/a", "is not a path"),
    ],
)
def test_what_must_not_be_sent_is_refused(folder, tmp_path, name, words):
    (tmp_path / "outside.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "outside.txt")
    (folder / "folder").mkdir()
    (folder / ".git").mkdir()
    for hidden in (".env", ".git/config", "id_rsa", "server.pem", "credentials.json"):
        (folder / hidden).write_text("secret")
    os.mkfifo(folder / "pipe")
    (folder / "noise.bin").write_bytes(b"\x00\xff\xfe\x81")
    with (folder / "huge.bin").open("wb") as file:
        file.truncate(10_000_000_000)
    with pytest.raises(PromptError, match=words):
        part(name)


def test_a_secret_is_refused_even_by_a_path_object(folder):
    (folder / "id_ed25519").write_text("secret")
    with pytest.raises(PromptError, match="looks like a key"):
        part("path", path=pathlib.Path("id_ed25519"))


def test_a_text_is_no_picture(folder):
    (folder / "a.png").write_text("not a picture")
    with pytest.raises(PromptError, match="is not a supported image"):
        part("a.png", image=True)
