"""Recorded bodies are served byte for byte, however they are cut."""

import json
import socket
from urllib.parse import urlsplit

import pytest

from openrouter_nb.simulator import Simulator


def network_chunks(base_url, slug):
    """Lengths of the HTTP chunks; a client library would cut them where its own buffer ends."""
    address = urlsplit(base_url)
    body = json.dumps({"model": slug, "messages": [{"role": "user", "content": "Hello"}]}).encode()
    head = f"POST {address.path}/chat/completions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    lengths = []
    with (
        socket.create_connection((address.hostname, address.port)) as connection,
        connection.makefile("rwb") as file,
    ):
        file.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        file.flush()
        while file.readline() != b"\r\n":
            pass
        while length := int(file.readline(), 16):
            lengths.append(len(file.read(length)))
            file.readline()
    return lengths


@pytest.fixture(scope="module")
def recorded(recordings, client_of):
    with Simulator(recordings=recordings) as simulator:
        client = client_of(simulator)
        yield client
        client.close()


@pytest.fixture(scope="module")
def bodies(recordings):
    """Slug of each recorded body and its file."""
    found = {}
    for folder, author in [
        ("chat", "recorded"),
        ("quoted", "recorded/quoted"),
        ("documented", "recorded/documented"),
    ]:
        for path in sorted((recordings / folder).iterdir()):
            if path.suffix in {".sse", ".json"} and not path.name.endswith(".req.json"):
                found[f"{author}/{path.stem}"] = path
    return found


def test_every_body_is_listed(recorded, bodies):
    listed = {model["id"] for model in recorded.get("/models").json()["data"]}
    assert set(bodies) <= listed


def test_every_body_has_its_bytes_status_and_type(recorded, bodies, recordings):
    lines = (recordings / "INDEX.jsonl").read_text().splitlines()
    index = {entry["file"]: entry for entry in map(json.loads, lines)}
    for slug, path in bodies.items():
        response = recorded.chat(slug)
        assert response.content == path.read_bytes(), slug
        entry = index.get(f"{path.parent.name}/{path.name}")
        if entry:
            assert response.status_code == entry["status"], slug
            assert response.headers["content-type"] == entry["content_type"], slug
        elif path.parent.name == "quoted":
            assert response.status_code == int(path.name[:3]), slug


def test_network_chunks_are_those_recorded(recorded, bodies):
    seen = 0
    for slug, path in bodies.items():
        lengths = path.with_suffix(".chunks")
        if lengths.exists():
            assert network_chunks(recorded.base_url, slug) == json.loads(lengths.read_text()), slug
            seen += 1
    assert seen


@pytest.mark.parametrize("split", ["7", "64", "1024", "event", "whole"])
def test_bytes_are_the_same_at_every_split(recorded, bodies, split):
    small = [slug for slug, path in bodies.items() if path.suffix == ".sse" and path.stat().st_size < 20_000]
    for slug in small[:6]:
        response = recorded.chat(slug, headers={"X-Simulator-Split": split})
        assert response.content == bodies[slug].read_bytes(), slug


def test_single_bytes_arrive_one_by_one(recorded, bodies):
    slug = min(
        (slug for slug in bodies if "/" not in slug.removeprefix("recorded/")),
        key=lambda s: bodies[s].stat().st_size,
    )
    with recorded.open(slug, simulator={"split": 1}) as response:
        pieces = list(response.iter_raw())
    assert {len(piece) for piece in pieces} == {1}
    assert b"".join(pieces) == bodies[slug].read_bytes()


@pytest.mark.parametrize(("name", "newline"), [("cr", b"\r"), ("crlf", b"\r\n")])
def test_line_ends_and_mark_are_variants_of_the_same_bytes(recorded, bodies, name, newline):
    slug = next(slug for slug, path in bodies.items() if path.suffix == ".sse")
    headers = {"X-Simulator-Newline": name, "X-Simulator-BOM": "1"}
    expected = b"\xef\xbb\xbf" + bodies[slug].read_bytes().replace(b"\n", newline)
    assert recorded.chat(slug, headers=headers).content == expected


def test_a_folder_without_recordings_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError, match="no recordings"):
        Simulator(recordings=tmp_path)
