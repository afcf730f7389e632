"""What web pages can do with a simulator on the same machine."""

import http.client
import json
from urllib.parse import urlsplit

import pytest

PATHS = ["/models", "/chat/completions", "/_simulator/requests", "/_simulator/exchanges", "/unknown"]


def request(simulator, path, method="GET", **headers):
    address = urlsplit(simulator.base_url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=60)
    try:
        connection.request(method, f"{address.path}{path}", headers=headers)
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()
    finally:
        connection.close()


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "host", ["evil.test", "evil.test:80", "localhost.evil.test", "127.0.0.1.evil.test", "[::1].x"]
)
def test_another_host_is_refused(simulator, host, path, method):
    status, _, body = request(simulator, path, method, Host=host)
    assert status in (400, 403)
    assert b"prompt" not in body


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:1", "[::1]:80", "app.localhost"])
def test_names_of_this_machine_are_accepted(simulator, host):
    assert request(simulator, "/models", Host=host)[0] == 200


def test_the_log_hides_secrets(simulator):
    names = ["Authorization", "X-Api-Key", "Cookie", "X-Auth-Token", "Proxy-Authorization", "X-Client-Secret"]
    request(simulator, "/models", **dict.fromkeys(names, "Bearer sk-or-v1-secret"), Accept="text/plain")
    _, headers, body = request(simulator, "/_simulator/requests")
    (logged,) = json.loads(body)["data"]
    assert b"secret" not in body.replace(b"x-client-secret", b"")
    assert {logged["headers"][name.lower()] for name in names} == {"present"}
    assert logged["headers"]["accept"] == "text/plain"
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize(
    ("origin", "is_allowed"),
    [
        ("http://localhost:8888", True),
        ("http://127.0.0.1", True),
        ("https://evil.test", False),
        ("null", False),
    ],
)
def test_only_pages_of_this_machine_may_come_from_a_private_network(simulator, origin, is_allowed):
    asked = {"Origin": origin, "Access-Control-Request-Private-Network": "true"}
    status, headers, _ = request(simulator, "/models", "OPTIONS", **asked)
    assert status == 204
    assert ("Access-Control-Allow-Private-Network" in headers) == is_allowed
