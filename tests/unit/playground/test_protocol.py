"""What a page may say. The same fixture is read by `js/test/playground/protocol/messages.test.ts`."""

import json
import re
from pathlib import Path
from typing import get_args

import pytest

from openrouter_nb.live import protocol as live_protocol
from openrouter_nb.playground import protocol
from openrouter_nb.playground.parameters.specs import param_specs, setting_specs
from openrouter_nb.playground.widget import PanelWidget

ROOT = Path(__file__).resolve().parents[3]
FIXTURE = json.loads((ROOT / "tests/fixtures/playground/messages.json").read_text())
SOURCES = {file.stem: file.read_text() for file in (ROOT / "js/src/playground/protocol").glob("*.ts")}


@pytest.mark.parametrize("content", FIXTURE["to_kernel"], ids=lambda content: str(content["id"]))
def test_a_message_of_the_panel_is_read(content):
    message = protocol.read(content)
    kind = content["kind"]
    assert message.kind == (content[kind] if kind in ("op", "ask") else kind)
    assert message.id == content["id"]
    assert message.is_query is (kind == "ask")
    assert dict(message.values) == {
        name: value for name, value in content.items() if name not in ("v", "id", "kind", kind)
    }


@pytest.mark.parametrize("content", FIXTURE["to_kernel_wrong"], ids=repr)
def test_any_other_message_is_refused_in_one_sentence(content):
    with pytest.raises(protocol.ProtocolError, match=r"\.|\?"):
        protocol.read(content)


def test_binary_parts_come_along():
    content = {"v": 1, "id": 1, "kind": "op", "op": "upload", "upload": "x1", "at": 0}
    assert protocol.read(content, [memoryview(b"png")]).buffers == (b"png",)


def test_a_word_that_is_nearly_right_is_named():
    with pytest.raises(protocol.ProtocolError, match="Did you mean 'set_param'"):
        protocol.read({"v": 1, "id": 1, "kind": "op", "op": "set_parm"})


def quoted(text):
    return set(re.findall(r'"(\w+)"', text))


def between(name, start, end):
    source = SOURCES[name]
    return source[source.index(start) : source.index(end, source.index(start))]


def test_both_halves_know_the_same_words():
    ops = re.findall(r"\bop: ([^;]*);", SOURCES["commands"])
    asks = re.findall(
        r"\bask: ([^;}]*)", between("queries", "export type Query =", "export const CODE_FORMATS")
    )
    assert {word for names in ops for word in quoted(names)} == set(protocol.COMMANDS)
    assert {word for names in asks for word in quoted(names)} == set(protocol.QUERIES)
    assert quoted(between("queries", "CODE_FORMATS = [", "]")) == set(protocol.CODE_FORMATS)
    live = (ROOT / "js/src/live/protocol.ts").read_text()
    phases = live[live.index("FINAL_PHASES = [") : live.index("export type Phase")]
    assert quoted(phases) == set(get_args(live_protocol.Phase))
    assert quoted(phases[: phases.index("]")]) == live_protocol.FINAL
    assert f"VERSION = {live_protocol.VERSION};" in (ROOT / "js/src/live/version.ts").read_text()
    assert quoted(between("thread", "type Role =", ";")) == set(protocol.ROLES)
    assert f"VERSION = {protocol.VERSION};" in SOURCES["messages"]


def test_the_panel_knows_every_control_and_kind():
    specs = [*param_specs(), *setting_specs()]
    specs += [field for spec in specs for form in spec.get("cards", ()) for field in form["fields"]]
    words = between("specs", "export type Control =", "export interface Spec")
    assert {spec["control"] for spec in specs} <= set(re.findall(r'\| "(\w+)"', words))
    interface = between("specs", "export interface Spec {", "\n}")
    assert {spec["kind"] for spec in specs} == quoted(re.search(r"kind: ([^;]*);", interface)[1])


def test_both_halves_know_the_same_traits():
    interface = between("traits", "export interface Traits {", "\n}")
    written = {name for name in vars(PanelWidget) if name in PanelWidget.class_trait_names(sync=True)}
    assert set(re.findall(r"^  readonly (\w+):", interface, re.MULTILINE)) == written - {"_esm", "module"}
