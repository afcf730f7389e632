"""Frontends other than JupyterLab and Notebook 7: Voila, and marimo as an editor and as an app."""

import re
from textwrap import indent

import pytest
from playwright.sync_api import expect
from support.jupyter import write_notebook
from support.playground import KEY
from support.react_widget import ASK, press_buttons, react_widget
from support.server_process import marimo, voila

pytestmark = pytest.mark.browser
frontend = pytest.mark.frontend

CELL = """

@app.cell
async def _():
    CODE
    return
"""
PLAYGROUND = """
from openrouter_nb import Playground

Playground("demo/slow")
"""
CALLS = """
from openrouter_nb import chat, stream

answer = chat("Hello", model="demo/tour")
stream("Hello", model="demo/reasoner")
"""
OUTPUTS = """
import marimo as _marimo
from openrouter_nb import chat as _chat

_marimo.output.append("kept before")
_first = _chat("First", model="demo/parrot")
_second = _chat("Second", model="demo/parrot")
_marimo.output.append("kept after")
"""
COMPARISON = """
from openrouter_nb import acompare as _acompare

_both = await _acompare("Hello", ["demo/parrot", "demo/echo"])
"""
CHAT = """
import marimo
from openrouter_nb.marimo import chat_model

marimo.ui.chat(chat_model("demo/reasoner"))
"""


@pytest.fixture
def open_page(tab, simulator, tmp_path):
    """Opens cells in a frontend: `open_page("marimo edit", "1 + 1")`. Returns the page, with the cells executed."""
    environment = {"OPENROUTER_BASE_URL": simulator.base_url, "OPENROUTER_API_KEY": KEY}
    servers = []

    def open_cells(place, *cells):
        name, _, mode = place.partition(" ")
        if name == "voila":
            server = voila(write_notebook(tmp_path / "cells.ipynb", *cells), environment)
        else:
            (tmp_path / "pyproject.toml").write_text("[tool.marimo.runtime]\nauto_instantiate = true")
            program = tmp_path / "cells.py"
            parts = [CELL.replace("CODE", indent(cell, "    ").strip()) for cell in cells]
            program.write_text("".join(["import marimo\n\napp = marimo.App()\n", *parts]))
            server = marimo(program, mode, environment)
        servers.append(server.__enter__())
        tab.watch.clear()
        tab.page.goto(server.url)
        return tab.page

    yield open_cells
    tab.page.goto("about:blank")
    for server in servers:
        server.__exit__()
    assert tab.watch.errors == []
    assert tab.watch.dialogs == []
    # Voila's page requests its icons from a CDN.
    assert [url for url in tab.watch.foreign if "@fortawesome" not in url] == []


@pytest.mark.parametrize(
    "place",
    [
        pytest.param("voila", marks=frontend("Voila", "load", "streams", "Stop", "panel")),
        pytest.param("marimo edit", marks=frontend("marimo edit", "load", "Stop", "panel")),
        pytest.param("marimo run", marks=frontend("marimo run", "load", "Stop", "panel")),
    ],
)
def test_own_widgets_and_the_panel(open_page, simulator, place):
    page = open_page(place, react_widget(simulator.base_url), PLAYGROUND)
    press_buttons(page.locator(".asker"))
    pieces, whole = page.evaluate(
        f"""async () => {{
            const pieces = [];
            for await (const event of connection.stream(({ASK})("demo/reasoner", "Hello"))) {{
                if (event.type === "reasoning") pieces.push(event.text);
                if (event.type === "result") return [pieces, event.result.value.choices[0].message.reasoning];
            }}
        }}"""
    )
    assert "".join(pieces) == whole
    page.evaluate(
        f"""async () => {{
            let arrived = 0;
            for await (const event of connection.stream(({ASK})("demo/slow", "Hello"))) {{
                if (event.type === "text" && ++arrived === 4) return;
            }}
            throw new Error(`${{arrived}} pieces`);
        }}"""
    )
    simulator.wait_for_close()

    panel = page.locator(".orn-pg")
    expect(panel).to_have_css("border-top-left-radius", "10px")
    presets = panel.get_by_role("button", name="Presets")
    presets.click()
    page.mouse.click(2, 450)  # outside of the menu, which closes it
    expect(presets).to_have_attribute("aria-expanded", "false")
    presets.click()
    panel.get_by_role(
        "menuitem", name="Save as…"
    ).click()  # inside: the press must not close it before the click
    expect(panel.get_by_label("Name of the preset")).to_be_visible()
    panel.get_by_role("button", name="Cancel").click()
    if panel.locator(".orn-rail[data-open=false]").count():
        panel.locator(".orn-rail-head button").click()
    panel.locator("summary", has_text="Extra body").click()
    extra = panel.locator('[data-param="extra_body"]')
    extra.locator("textarea").click()
    expect(extra.locator(".cm-scroller")).to_have_css("display", "flex")  # by the styles of the editor
    expect(extra.locator(".cm-content")).to_be_focused()
    panel.get_by_role("tab", name="Code").click()
    expect(panel).to_contain_text("Write a message first")
    panel.get_by_role("tab", name="Chat", exact=True).click()
    panel.get_by_role("textbox", name="Message").fill("Hello")
    panel.get_by_role("button", name="Send").click()
    text = panel.locator("article", has_text="demo/slow").locator(".orn-markdown")
    text.wait_for()
    lengths = set()
    while len(lengths) < 4:
        lengths.add(len(text.inner_text()))
    panel.get_by_role("button", name="Stop", exact=True).click()
    expect(panel.get_by_role("button", name="Send")).to_be_visible()
    simulator.wait_for_close()
    expect(text).to_have_text(re.compile("^This is"))


@pytest.mark.parametrize(
    "place",
    [pytest.param(place, marks=frontend(place, "streams")) for place in ("marimo edit", "marimo run")],
)
def test_calls_and_the_chat_of_marimo(open_page, place):
    page = open_page(place, CALLS, OUTPUTS, COMPARISON, CHAT)
    answer = page.locator(".markdown.prose", has_text="Answering …")
    answer.wait_for()
    lengths = set()
    while answer.count():
        lengths.update(map(len, answer.all_text_contents()))
    assert len(lengths) > 3
    value = page.locator(".markdown.prose", has_text="demo/reasoner · Simulator")
    expect(value).to_contain_text("After some simulated thought: 42.")
    expect(page.locator(".output", has_text="kept before")).to_have_text(
        re.compile(r"kept before\s*Second\s*demo/parrot · Simulator.*\s*kept after")
    )
    # One answer of a comparison would look like its result.
    expect(page.locator(".markdown.prose")).to_have_count(2)

    chat = page.locator("marimo-chatbot")
    chat.locator(".cm-content").click()
    page.keyboard.type("Hello")
    page.keyboard.press("Enter")
    expect(chat).to_contain_text("View reasoning")
    expect(chat).to_contain_text("After some simulated thought: 42.")
