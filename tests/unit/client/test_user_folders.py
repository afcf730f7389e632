"""Folders are where each system keeps such files, and where earlier versions put them."""

import sys

import platformdirs
import platformdirs.windows
import pytest
from platformdirs.macos import MacOS
from platformdirs.unix import Unix
from platformdirs.windows import Windows

from openrouter_nb.client.user_folders import cache_folder, config_folder

SYSTEMS = {"linux": Unix, "darwin": MacOS, "win32": Windows}


@pytest.fixture
def on(monkeypatch):
    def system(platform, **variables):
        for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "platform", platform)
        monkeypatch.setattr(platformdirs, "PlatformDirs", SYSTEMS[platform])
        windows = {"CSIDL_LOCAL_APPDATA": "/local", "CSIDL_APPDATA": "/roaming"}
        monkeypatch.setattr(platformdirs.windows, "get_win_folder", windows.get)

    return system


@pytest.mark.parametrize(
    ("platform", "variables", "cache", "config"),
    [
        ("linux", {"XDG_CACHE_HOME": "/x", "XDG_CONFIG_HOME": "/c"}, "/x/openrouter-nb", "/c/openrouter-nb"),
        (
            "linux",
            {"XDG_CACHE_HOME": "", "XDG_CONFIG_HOME": "", "HOME": "/h"},
            "/h/.cache/openrouter-nb",
            "/h/.config/openrouter-nb",
        ),
        (
            "darwin",
            {"HOME": "/h"},
            "/h/Library/Caches/openrouter-nb",
            "/h/Library/Application Support/openrouter-nb",
        ),
        ("win32", {}, "/local/openrouter-nb", "/roaming/openrouter-nb"),
    ],
)
def test_the_folders_of_each_system(on, platform, variables, cache, config):
    on(platform, **variables)
    assert (cache_folder().as_posix(), config_folder().as_posix()) == (cache, config)


def test_presets_of_earlier_versions_on_macos_are_found(on, tmp_path):
    on("darwin", HOME=str(tmp_path), XDG_CONFIG_HOME=str(tmp_path / "xdg"))
    before = tmp_path / "Library" / "Application Support" / "openrouter-nb"
    before.mkdir(parents=True)
    assert config_folder() == before
    if (new := MacOS("openrouter-nb", appauthor=False).user_config_path) != before:
        new.mkdir(parents=True)
        assert config_folder() == new
