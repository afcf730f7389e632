"""Where the key may go, and that nothing shows it."""

import copy
import json
import pickle
import pprint

import pytest
from pydantic import SecretStr

from openrouter_nb.client.credentials import LOOPBACK, Secret, resolve_destination
from openrouter_nb.errors import ConfigurationError, MissingAPIKeyError, OpenRouterError

KEY = "sk-or-v1-sentinel0123456789"
OTHER = "sk-or-v1-other9876543210"
HOME = "https://openrouter.ai/api/v1"
EU = "https://eu.openrouter.ai/api/v1"
LOCAL = "http://127.0.0.1:8080/api/v1"
FOREIGN = "https://elsewhere.example/api/v1"


def resolve(api_key=None, server_url=None, **environ):
    return resolve_destination(api_key, server_url, environ.get)


@pytest.mark.parametrize(
    ("api_key", "server_url", "environ", "base_url", "key"),
    [
        (KEY, None, {}, HOME, KEY),
        (None, None, {"OPENROUTER_API_KEY": KEY}, HOME, KEY),
        (lambda: KEY, None, {}, HOME, KEY),
        (KEY, None, {"OPENROUTER_API_KEY": OTHER}, HOME, KEY),
        (f"  {KEY}\n", None, {}, HOME, KEY),
        (None, EU, {"OPENROUTER_API_KEY": KEY}, EU, KEY),
        (None, HOME + "/", {"OPENROUTER_API_KEY": KEY}, HOME, KEY),
        (None, None, {"OPENROUTER_API_KEY": KEY, "OPENROUTER_BASE_URL": EU}, EU, KEY),
        # key and server named together, or both in the environment
        (KEY, FOREIGN, {}, FOREIGN, KEY),
        (None, None, {"OPENROUTER_API_KEY": KEY, "OPENROUTER_BASE_URL": FOREIGN}, FOREIGN, KEY),
        (KEY, None, {"OPENROUTER_BASE_URL": FOREIGN}, FOREIGN, KEY),
        # this machine takes a key and needs none
        (None, LOCAL, {"OPENROUTER_API_KEY": KEY}, LOCAL, KEY),
        (None, LOCAL, {}, LOCAL, None),
        ("", LOCAL, {"OPENROUTER_API_KEY": ""}, LOCAL, None),
        (None, None, {"OPENROUTER_BASE_URL": LOCAL}, LOCAL, None),
        (None, "http://localhost:1/api/v1", {}, "http://localhost:1/api/v1", None),
        (None, "http://[::1]:1/api/v1", {}, "http://[::1]:1/api/v1", None),
        (None, "https://127.0.0.1/api/v1", {}, "https://127.0.0.1/api/v1", None),
    ],
)
def test_the_key_goes_where_it_may(api_key, server_url, environ, base_url, key):
    found = resolve(api_key, server_url, **environ)
    assert found.base_url == base_url
    assert (found.secret.reveal() if found.secret else None) == key
    assert found.is_local is (base_url.split("/")[2].rsplit(":", 1)[0].strip("[]") in LOOPBACK)


@pytest.mark.parametrize(
    ("server_url", "environ"),
    [
        (FOREIGN, {}),
        ("https://openrouter.ai.example/api/v1", {}),
        ("https://notopenrouter.ai/api/v1", {}),
        ("https://openrouter.ai./api/v1", {}),
        ("https://sub.openrouter.ai/api/v1", {}),
        ("https://openrouter\uff0eai/api/v1", {}),
        ("https://%6fpenrouter.ai/api/v1", {}),
        ("https://127.0.0.2/api/v1", {}),
        ("https://[::ffff:127.0.0.1]/api/v1", {}),
        (FOREIGN, {"OPENROUTER_BASE_URL": HOME}),
    ],
)
def test_a_key_from_the_environment_goes_to_no_server_that_code_names(server_url, environ):
    with pytest.raises(MissingAPIKeyError, match="was not sent to"):
        resolve(None, server_url, OPENROUTER_API_KEY=KEY, **environ)


@pytest.mark.parametrize("api_key", [None, "", "  ", lambda: ""])
def test_no_key_is_an_error_where_one_is_needed(api_key):
    for server_url in (None, HOME, FOREIGN):
        with pytest.raises(MissingAPIKeyError, match="No API key"):
            resolve(api_key, server_url)


@pytest.mark.parametrize(
    "server_url",
    [
        "http://openrouter.ai/api/v1",
        "http://elsewhere.example/api/v1",
        "http://10.0.0.1/api/v1",
        "http://127.0.0.1.example/api/v1",
        "http://127.0.0.2/api/v1",
        "http://2130706433/api/v1",
        "http://0.0.0.0/api/v1",
        "http://[::ffff:127.0.0.1]/api/v1",
        "http://[::]/api/v1",
    ],
)
def test_plain_http_to_another_machine_is_refused(server_url):
    with pytest.raises(ConfigurationError, match="not https"):
        resolve(KEY, server_url)


@pytest.mark.parametrize(
    "server_url",
    [
        f"https://{KEY}@openrouter.ai/api/v1",
        "https://user:password@openrouter.ai/api/v1",
        "https://@openrouter.ai/api/v1",
        "https://:@openrouter.ai/api/v1",
        "http://127.0.0.1@elsewhere.example/api/v1",
        "http://127.0.0.1\\@elsewhere.example/api/v1",
    ],
)
def test_an_address_with_user_or_password_is_refused(server_url):
    with pytest.raises(ConfigurationError, match="user name or password") as caught:
        resolve(KEY, server_url)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    "server_url",
    [
        "openrouter.ai/api/v1",
        "//openrouter.ai/api/v1",
        "file:///etc/passwd",
        "ftp://openrouter.ai/api/v1",
        "https://",
        "https:///api/v1",
        "https://openrouter.ai:0/api/v1",
        "https://openrouter.ai:99999/api/v1",
        "https://openrouter.ai:port/api/v1",
        "https://openrouter.ai/api/v1?to=elsewhere",
        "https://openrouter.ai/api/v1#here",
        "https://[::1/api/v1",
        " ",
    ],
)
def test_what_is_no_address_of_a_server_is_refused(server_url):
    with pytest.raises(ConfigurationError, match="must look like"):
        resolve(KEY, server_url)


@pytest.mark.parametrize("api_key", ["sk-or\nX-Evil: 1", "sk or", "sk-\u00e9", "sk-\x7f", "sk\t1"])
def test_a_key_that_no_header_can_hold_is_refused_without_showing_it(api_key):
    with pytest.raises(ConfigurationError) as caught:
        resolve(api_key)
    assert api_key not in str(caught.value)


@pytest.mark.parametrize("api_key", [KEY.encode(), SecretStr(KEY), 5, KEY.encode])
def test_a_key_that_is_not_text_is_refused_without_showing_it(api_key):
    with pytest.raises(ConfigurationError, match="must be text, not") as caught:
        resolve(api_key)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    "show", [repr, str, "{}".format, "{:>30}".format, pprint.pformat, lambda s: f"{s!s}{s!a}"]
)
def test_a_secret_shows_nothing(show):
    assert KEY not in show(Secret(KEY))


@pytest.mark.parametrize("show", [repr, str, pprint.pformat])
def test_a_destination_shows_where_and_not_with_what(show):
    assert "openrouter.ai" in show(resolve(KEY))
    assert KEY not in show(resolve(KEY))


def test_a_secret_has_no_attribute_that_is_the_key():
    secret = Secret(KEY)
    shown = [repr(getattr(secret, name)) for name in dir(secret)]
    assert not any(KEY in text for text in shown)
    assert not hasattr(secret, "__dict__")


@pytest.mark.parametrize(
    "way", [pickle.dumps, copy.copy, copy.deepcopy, json.dumps, lambda s: pickle.dumps([s])]
)
def test_a_secret_is_not_pickled_copied_or_made_json(way):
    with pytest.raises(TypeError):
        way(Secret(KEY))


def test_every_refusal_is_an_error_of_this_package():
    assert issubclass(MissingAPIKeyError, ConfigurationError)
    assert issubclass(ConfigurationError, OpenRouterError)
