"""What the proxy variables mean: which proxy a request takes, and which hosts take none."""

import pytest

from openrouter_nb.client.transport.proxies import NoProxy, environment_proxies
from openrouter_nb.errors import ConfigurationError

V6 = "2001:db8::5"


@pytest.mark.parametrize(
    ("entries", "host", "port"),
    [
        ("openrouter.ai", "openrouter.ai", None),
        ("openrouter.ai", "eu.openrouter.ai", 8443),
        (".openrouter.ai", "openrouter.ai", None),
        (".openrouter.ai", "eu.openrouter.ai", None),
        ("*.openrouter.ai", "eu.openrouter.ai", None),
        ("*openrouter.ai", "openrouter.ai", None),
        ("OpenRouter.AI", "openrouter.ai", None),
        ("openrouter.ai", "OPENROUTER.ai.", None),
        ("openrouter.ai.", "openrouter.ai", None),
        ("https://openrouter.ai", "openrouter.ai", None),
        ("openrouter.ai:443", "openrouter.ai", None),
        ("openrouter.ai:8443", "openrouter.ai", 8443),
        ("a.example, openrouter.ai", "openrouter.ai", None),
        ("a.example openrouter.ai", "openrouter.ai", None),
        ("a.example,,\n openrouter.ai ,", "openrouter.ai", None),
        ("*", "openrouter.ai", None),
        ("10.1.2.3", "10.1.2.3", None),
        ("10.1.2.3:8080", "10.1.2.3", 8080),
        ("10.0.0.0/8", "10.1.2.3", None),
        ("10.1.2.3/8", "10.9.9.9", None),
        ("10.0.0.0/8:443", "10.1.2.3", None),
        ("10.*", "10.1.2.3", None),
        ("10.0.0.0/8", "::ffff:10.1.2.3", None),
        (V6, V6, None),
        (f"[{V6}]", V6, 8443),
        (f"[{V6}]:8443", V6, 8443),
        ("2001:db8::/32", V6, None),
        ("[2001:db8::]/32", V6, None),
        ("2001:DB8:0:0::5", V6, None),
        ("localhost,127.0.0.1,::1,[::1],[,]:,10.0.0.0/99,openrouter.ai", "openrouter.ai", None),
    ],
)
def test_no_proxy_covers(entries, host, port):
    assert NoProxy(entries).covers("https", host, port)


@pytest.mark.parametrize(
    ("entries", "host", "port"),
    [
        ("", "openrouter.ai", None),
        ("router.ai", "openrouter.ai", None),
        ("eu.openrouter.ai", "openrouter.ai", None),
        ("openrouter.ai:80", "openrouter.ai", None),
        ("openrouter.ai:443", "openrouter.ai", 8443),
        ("10.0.0.0/8", "11.1.2.3", None),
        ("10.0.0.0/8", "10.example", None),
        ("10.1.2.3:80", "10.1.2.3", None),
        ("2001:db8::/32", "2001:db9::5", None),
        (f"[{V6}]:8443", V6, None),
        ("[::1]", "openrouter.ai", None),
        (".", "openrouter.ai", None),
        ("[", "openrouter.ai", None),
    ],
)
def test_no_proxy_does_not_cover(entries, host, port):
    assert not NoProxy(entries).covers("https", host, port)


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        ({}, {}),
        ({"HTTPS_PROXY": "http://a:1"}, {"https": ("HTTPS_PROXY", "http://a:1")}),
        ({"https_proxy": "a:1"}, {"https": ("https_proxy", "http://a:1")}),
        (
            {"https_proxy": "http://a:1", "HTTPS_PROXY": "http://b:1"},
            {"https": ("https_proxy", "http://a:1")},
        ),
        (
            {"ALL_PROXY": "http://a:1"},
            {"http": ("ALL_PROXY", "http://a:1"), "https": ("ALL_PROXY", "http://a:1")},
        ),
        (
            {"all_proxy": "socks://a:1", "http_proxy": "http://b:1", "https_proxy": "HTTP://c:1"},
            {"http": ("http_proxy", "http://b:1"), "https": ("https_proxy", "http://c:1")},
        ),
        ({"HTTPS_PROXY": "socks4://a:1", "NO_PROXY": "a.example, *"}, {}),
        ({"HTTPS_PROXY": ""}, {}),
    ],
)
def test_the_proxy_of_each_scheme(monkeypatch, variables, found):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    proxies = environment_proxies()
    assert {scheme: (proxy.variable, proxy.url) for scheme, proxy in proxies.items()} == found
    assert "://" not in repr(list(proxies.values()))


@pytest.mark.parametrize("variable", ["ALL_PROXY", "all_proxy", "HTTPS_PROXY", "http_proxy"])
@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("socks5://user:pass-word@a:1", "the package socksio: pip install socksio"),
        ("socks5h://user:pass-word@a:1", "the package socksio: pip install socksio"),
        ("SOCKS://user:pass-word@a:1", "the package socksio: pip install socksio"),
        ("socks4://user:pass-word@a:1", "must start with http://, https://, socks5:// or socks5h://"),
        ("gopher://user:pass-word@a:1", "must start with http://, https://, socks5:// or socks5h://"),
    ],
)
def test_a_proxy_that_cannot_be_used_is_named_by_its_variable(monkeypatch, variable, address, reason):
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    monkeypatch.setenv(variable, address)
    with pytest.raises(ConfigurationError) as caught:
        environment_proxies()
    assert str(caught.value).startswith(f"{variable} names a ")
    assert reason in str(caught.value)
    assert "pass-word" not in str(caught.value)


def test_a_socks_proxy_is_used_with_its_package(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _: object())
    monkeypatch.setenv("ALL_PROXY", "socks://a:1")
    assert environment_proxies()["https"].url == "socks5://a:1"
