"""Imports and exports from `@openrouter-nb/client` in the module of a widget. Node executes the result."""

import json
import subprocess

import pytest

from openrouter_nb.chat_bridge.esm import MODULES, widget_esm

BUNDLES = {
    "client.js": "globalThis.loaded=(globalThis.loaded??0)+1;export const connect=()=>'</script>\\n`${1}`';export default 7;",
    "client-react.js": 'import{connect as c}from"@openrouter-nb/client";export const useChat=()=>c;',
    "client-markdown.js": "globalThis.element=true;",
}
# Node imports no blobs: a data URL of the same text stands for one.
BLOBS = """
globalThis.Blob = class { constructor([text]) { this.text = text; } };
URL.createObjectURL = (blob) => "data:text/javascript," + encodeURIComponent(blob.text);
"""


def linked(source):
    return widget_esm(source, BUNDLES.__getitem__)


def run(tmp_path, *sources, show):
    """Import the linked sources one after the other, and return the value of an expression of the last one's `m`."""
    names = []
    for number, source in enumerate(sources):
        path = tmp_path / f"widget{number}.mjs"
        path.write_text(linked(source), encoding="utf-8")
        names.append(path.as_uri())
    steps = "".join(f"m = await import({json.dumps(name)});" for name in names)
    main = tmp_path / "main.mjs"
    main.write_text(f"{BLOBS}let m; {steps} console.log(JSON.stringify({show}));", encoding="utf-8")
    done = subprocess.run(["node", main], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ('import { connect } from "@openrouter-nb/client";', "connect"),
        ("import { connect as door } from '@openrouter-nb/client'", "door"),
        ('import {\n  connect,\n  connect as other,\n} from "@openrouter-nb/client";', "other"),
        ('import*as all from"@openrouter-nb/client";', "all.connect"),
        ('import seven, { connect } from "@openrouter-nb/client";', "(seven === 7 && connect)"),
        ('import seven, * as rest from "@openrouter-nb/client";', "(seven === 7 && rest.connect)"),
        ('const { connect } = await import("@openrouter-nb/client");', "connect"),
        ('import { useChat } from "@openrouter-nb/client/react";', "useChat()"),
    ],
    ids=lambda text: text[:40],
)
def test_each_form_of_an_import_works(tmp_path, statement, name):
    source = f"{statement}\nexport default () => {name}();\n"
    assert run(tmp_path, source, show="m.default()") == "</script>\n`${1}`"
    assert linked(source).count("\n") == source.count("\n")


@pytest.mark.parametrize(
    ("statement", "shown"),
    [
        ('export { connect } from "@openrouter-nb/client";', "m.connect()"),
        ("export{connect as door,connect as other}from'@openrouter-nb/client'", "m.other()"),
        (
            'export {\n  default,\n  connect as $open,\n} from "@openrouter-nb/client";',
            "m.default === 7 && m.$open()",
        ),
        ('export { connect as default } from "@openrouter-nb/client"', "m.default()"),
        ('export * as all from "@openrouter-nb/client";', "m.all.connect()"),
        ('export*as all\nfrom"@openrouter-nb/client";', "m.all.connect()"),
        ('export { useChat } from "@openrouter-nb/client/react";', "m.useChat()()"),
        ('export { useChat }; import { useChat } from "@openrouter-nb/client/react";', "m.useChat()()"),
    ],
    ids=lambda text: text[:40],
)
def test_each_form_of_an_export_works(tmp_path, statement, shown):
    source = f"const connect = 1;\n{statement}\nexport const last = connect;\n"
    assert run(tmp_path, source, show=f"m.last === 1 && {shown}") == "</script>\n`${1}`"
    assert linked(source).count("\n") == source.count("\n")
    assert linked(linked(source)) == linked(source)


@pytest.mark.parametrize("names", ["*", "* as 'all'", '{ connect as "a b" }', "{ connect /* it */ }"])
def test_an_export_that_cannot_be_replaced_is_an_error(names):
    with pytest.raises(ValueError, match="Name each export"):
        linked(f'export {names} from "@openrouter-nb/client";')


def test_an_import_for_its_effect_works(tmp_path):
    source = 'import "@openrouter-nb/client/markdown"; export default globalThis.element;'
    assert run(tmp_path, source, show="m.default") is True


def test_a_module_is_loaded_once_for_all_widgets_of_a_page(tmp_path):
    first = 'import { connect } from "@openrouter-nb/client"; export default connect;'
    second = 'import { useChat } from "@openrouter-nb/client/react";\n' + first
    third = second.replace("export default connect", "export default connect === useChat()")
    assert run(tmp_path, first, second, third, show="[m.default, loaded]") == [True, 1]
    assert linked(second).count("export const connect") == 1


@pytest.mark.parametrize(
    "source",
    [
        "export default {}",
        'import React from "react";\nimport x from "https://example.invalid/x.js";',
        '// import { connect } from "@openrouter-nb/client"\n',
        '/* import { connect } from "@openrouter-nb/client"; it\'s */\n',
        "const text = 'import { connect } from \"@openrouter-nb/client\"';",
        'const text = `\nimport { connect } from "@openrouter-nb/client";\n`;',
        'other.import("@openrouter-nb/client");',
        'export { a } from "./a.js"; export * from "./b.js";',
        "const text = 'export * from \"@openrouter-nb/client\"';",
    ],
)
def test_other_sources_are_returned_as_they_are(source):
    assert linked(source) == source


def test_a_linked_source_is_returned_as_it_is():
    once = linked('import { useChat } from "@openrouter-nb/client/react"; export default useChat;')
    assert linked(once) == once


@pytest.mark.parametrize("form", ['import x from "{}"', 'await import("{}")', 'export { x } from "{}"'])
def test_an_unknown_module_is_an_error(form):
    with pytest.raises(ValueError, match="no module '@openrouter-nb/client/vue'"):
        linked(form.replace("{}", "@openrouter-nb/client/vue"))


def test_markup_is_escaped():
    assert "</script>" not in linked('import "@openrouter-nb/client";')


def test_the_names_are_those_of_the_package():
    assert list(MODULES) == [
        "@openrouter-nb/client",
        "@openrouter-nb/client/react",
        "@openrouter-nb/client/markdown",
    ]
