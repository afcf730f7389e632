"""Python and the panel are two views of one state: what one does, the other sees."""

import json

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

WATCH = """
seen = {}
def watch(change):
    seen.setdefault(change['name'], []).append(change['new'])
p.observe(watch, ['model', 'models', 'messages', 'params', 'settings', 'result', 'results', 'cost', 'status'])
"""


def test_what_the_browser_does_python_sees_and_the_other_way_round(play, simulator):
    view = play("demo/parrot")
    lab, root = view.lab, view.root
    items = root.locator(".orn-item")
    lab.execute_silently(WATCH)
    view.open_rail()

    # The browser sets, Python hears of it.
    view.row("temperature").locator("input[type=text]").fill("0.5")
    view.until("p.params == {'temperature': 0.5} and seen['params'][-1] == p.params")
    view.row("max_retries").locator("input[type=text]").fill("1")
    view.until("p.settings['max_retries'] == 1 and seen['settings']")
    view.button("Add a system message").click()
    root.get_by_role("textbox", name="Edit system message").fill("Be terse.")
    view.button("Save").click()
    view.until("seen['messages'][-1] == [{'role': 'system', 'content': 'Be terse.'}]")
    view.message.fill("Hello")
    view.until("p.request['messages'][-1] == {'role': 'user', 'content': 'Hello'}")
    lab.execute_silently(
        "import json, pathlib; pathlib.Path('request.json').write_text(json.dumps(p.request))"
    )
    promised = json.loads((lab.path.parent / "request.json").read_text())
    view.ask("Hello")
    view.wait_done()
    assert simulator.exchanges[-1].request.body == promised
    view.until("seen['status'][-2:] == ['running', 'idle'] and p.status == 'idle'")
    view.until("p.result.text == 'Hello' and seen['result'][-1] is p.result and p.results == [p.result]")
    view.until("p.messages[-1]['content'] == 'Hello' and seen['cost'][-1] == p.cost > 0")
    view.until("len(p.history) == 1 and p.history[0]['model'] == 'demo/parrot'")

    # Python sets, the browser shows it.
    lab.execute_silently("p.params['top_p'] = 0.25; del p.params['temperature']")
    expect(view.row("top_p").locator("input[type=text]")).to_have_value("0.25")
    view.expect_state("temperature", "unset")
    lab.execute_silently("p.settings = {'timeout_s': 30}")
    expect(view.row("timeout_s").locator("input[type=text]")).to_have_value("30")
    expect(view.row("max_retries").locator("input[type=text]")).to_have_value("")
    lab.execute_silently(
        "p.messages[0]['content'] = 'Be kind.'; p.messages.append({'role': 'user', 'content': 'And?'})"
    )
    expect(items).to_have_count(4)
    expect(items.first).to_contain_text("Be kind.")
    lab.execute_silently("p.model = 'demo/echo'")
    expect(root.get_by_role("combobox", name="Model")).to_have_value("demo/echo")
    lab.execute_silently("p.models = ['demo/parrot', 'demo/error-500']")
    expect(root.get_by_role("combobox", name="Model 2")).to_have_value("demo/error-500")
    view.mark()
    lab.execute_silently("p.send(wait=False)")
    view.wait_done(2)
    expect(items.last.locator(".orn-answer").first.locator(".orn-markdown")).to_have_text("And?")
    expect(root.locator(".orn-banner")).to_have_count(1)
    view.until("p.results[0].text == 'And?' and p.results[1] is None and p.status == 'failed'")
    lab.execute_silently("p.models = ['demo/slow']; p.messages = [{'role': 'user', 'content': 'Go on'}]")
    expect(items).to_have_count(1)
    lab.execute_silently("p.send(wait=False)")
    view.answers().get_by_text("simulated answer").first.wait_for()
    lab.execute_silently("p.stop()")
    expect(root.get_by_role("status").first).to_have_text("Stopped")
    simulator.wait_for_close()
    # What Python cannot set is refused where it is said, and nothing has changed.
    lab.execute_silently(
        "import traitlets\n"
        "try: p.messages = [{'role': 'usr', 'content': ''}]\n"
        "except traitlets.TraitError as error: assert 'role' in str(error), error\n"
        "else: raise AssertionError('taken')\n"
        "assert p.messages[0] == {'role': 'user', 'content': 'Go on'}"
    )
