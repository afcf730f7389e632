"""The line magics beside `%%chat`."""

import json
import os
import subprocess
import sys

import pytest

BATCH = {"allow_stdin": False}
KEY = "sk-or-v1-" + "0a1b" * 10


def test_the_history_shows_what_the_next_cell_would_send(kernel):
    kernel.chat('-s "Be terse." -m demo/parrot', "One", **BATCH)
    (output,) = kernel.run("%chat_history", **BATCH).outputs
    assert output["data"]["text/plain"] == "## System\n\nBe terse.\n\n## You\n\nOne\n\n## Model\n\nOne\n"
    assert "<strong>You</strong>" in output["data"]["text/html"]
    assert "No messages in `main` yet." in kernel.run("%chat_reset\n%chat_history", **BATCH).text


def test_the_history_of_a_hostile_conversation_is_harmless(kernel):
    kernel.chat("-m demo/parrot", "<script>x</script> ![p](http://e.example/p)", **BATCH)
    html = kernel.run("%chat_history", **BATCH).outputs[0]["data"]["text/html"]
    assert "<script" not in html
    assert "<img" not in html


def test_a_history_is_saved_in_three_forms_and_overwrites_nothing(kernel, simulator, tmp_path):
    kernel.chat("-m demo/parrot", 'One """ {x} \\n', **BATCH)
    kernel.run(f"%cd -q {tmp_path}")
    for suffix in ("md", "json", "py"):
        assert f"main: 1 turn in c.{suffix}" in kernel.run(f"%chat_history c.{suffix}", **BATCH).text
    messages = json.loads((tmp_path / "c.json").read_text())
    assert messages[0]["content"] == 'One """ {x} \\n'
    namespace = {}
    exec((tmp_path / "c.py").read_text().split("messages.append")[0], namespace)
    assert namespace["messages"] == messages
    env = {**os.environ, "OPENROUTER_BASE_URL": simulator.base_url}
    script = subprocess.run(
        [sys.executable, "c.py"], check=False, cwd=tmp_path, env=env, capture_output=True, text=True
    )
    assert (script.stdout, script.stderr) == ("Continue.\n", "")
    assert simulator.requests[-1].body["messages"][:2] == messages
    again = kernel.run("%chat_history c.md", **BATCH)
    assert "was not written" in again.text
    assert again.reply["status"] == "error"


def test_a_reset_forgets_one_or_all(kernel, simulator):
    kernel.chat("", "one", **BATCH)
    kernel.chat("-c other", "two", **BATCH)
    assert "Forgot main: 1 turn." in kernel.run("%chat_reset", **BATCH).text
    kernel.chat("", "three", **BATCH)
    kernel.chat("-c other", "four", **BATCH)
    kernel.run("%chat_reset --all")
    kernel.chat("-c other", "five", **BATCH)
    assert [len(request.body["messages"]) for request in simulator.requests] == [1, 1, 1, 3, 1]


@pytest.mark.parametrize("line", ["%chat_reset mian", "%chat_history otehr", "%chat_history a b"])
def test_a_conversation_that_is_not_there_is_named(kernel, line):
    kernel.chat("-c other", "two", **BATCH)
    run = kernel.run(line, **BATCH)
    assert run.reply["status"] == "error"
    assert "Traceback" not in run.text


def test_the_cost_is_summed_by_conversation_and_model(kernel):
    kernel.chat("-m demo/parrot", "one", **BATCH)
    kernel.chat("-m demo/parrot -c other", "two", **BATCH)
    kernel.chat("-m demo/parrot", "three", **BATCH)
    text = kernel.run("%chat_cost", **BATCH).text
    assert "| main | demo/parrot | 2 |" in text
    assert "| other | demo/parrot | 1 |" in text
    assert "**all**" in text
    assert "no price" not in text


def test_a_cost_that_is_not_reported_is_unknown_and_not_free(kernel):
    kernel.chat("-m demo/midstream-error", "one", **BATCH)
    text = kernel.run("%chat_cost", **BATCH).text
    assert "| main | demo/midstream-error | 1 | 0 | 0 | unknown |" in text
    assert "1 answer has no price, as after Stop or an error, and may have been charged." in text


def test_the_key_is_asked_for_and_never_shown(kernel, simulator):
    assert "on this machine, is asked without one" in kernel.run("%chat_key --source").text
    asked = kernel.run("%chat_key", answers=[KEY])
    assert "The key is set for this kernel." in asked.text
    assert "that of OPENROUTER_API_KEY" in kernel.run("%chat_key --source").text
    kernel.chat("-m demo/echo", **BATCH)
    assert simulator.requests[-1].headers["authorization"] == f"Bearer {KEY}"
    assert "forgotten" in kernel.run("%chat_key --forget", **BATCH).text
    assert KEY not in json.dumps([message.content for message in asked.published])


def test_a_key_on_the_line_is_refused_and_not_repeated(kernel):
    run = kernel.run(f"%chat_key {KEY}", **BATCH)
    assert run.reply["status"] == "error"
    assert KEY not in run.text


STORE = """
import keyring, keyring.backend, keyring.backends.null
class Drawer(keyring.backend.KeyringBackend):
    priority, kept = 1, {}
    def get_password(self, service, name): return self.kept.get((service, name))
    def set_password(self, service, name, value): self.kept[service, name] = value
    def delete_password(self, service, name): del self.kept[service, name]
keyring.set_keyring(Drawer())
"""


def test_a_key_is_stored_for_later_sessions_and_forgotten(kernel, simulator):
    assert kernel.run(STORE).reply["status"] == "ok"
    stored = kernel.run("%chat_key --store", answers=[KEY])
    assert "stored in the keyring" in stored.text
    kernel.run("del os.environ['OPENROUTER_API_KEY']\n%reload_ext openrouter_nb")
    assert "comes from the keyring" in kernel.run("%chat_key --source").text
    kernel.chat("-m demo/echo", **BATCH)
    assert simulator.requests[-1].headers["authorization"] == f"Bearer {KEY}"
    assert "forgotten in the keyring" in kernel.run("%chat_key --forget").text
    assert "There was no key." in kernel.run("%chat_key --forget").text
    null = kernel.run("keyring.set_keyring(keyring.backends.null.Keyring())")
    assert null.reply["status"] == "ok"
    refused = kernel.run("%chat_key --store", answers=[KEY])
    assert "did not keep the key" in refused.text
    assert refused.reply["status"] == "error"


def test_loading_the_extension_again_keeps_budget_costs_and_conversations(kernel, simulator):
    kernel.chat("-m demo/parrot -c kept", "One", **BATCH)
    kernel.run("%chat_config model=demo/parrot budget=0.000001 max_cost=1", **BATCH)
    for reload in ("%reload_ext openrouter_nb", "%unload_ext openrouter_nb\n%load_ext openrouter_nb"):
        kernel.run(reload)
        assert "| budget | 1e-06 | set |" in kernel.run("%chat_config", **BATCH).text
        assert "| kept | demo/parrot | 1 |" in kernel.run("%chat_cost", **BATCH).text
        refused = kernel.chat("-c kept", "Two", **BATCH)
        assert refused.reply["status"] == "error"
        assert "budget" in refused.text
    kernel.run("%chat_config budget=none", **BATCH)
    kernel.chat("-c kept", "Three", **BATCH)
    assert [message["content"] for message in simulator.requests[-1].body["messages"]] == [
        "One",
        "One",
        "Three",
    ]
    assert [request.method for request in simulator.requests].count("POST") == 2


def test_settings_are_shown_and_set_in_words(kernel, simulator):
    table = kernel.run("%chat_config", **BATCH)
    assert "| model | demo/echo | OPENROUTER_NB_MODEL |" in table.text
    assert "| budget | none | default |" in table.text
    said = kernel.run("%chat_config model=demo/parrot budget=2.5 show-reasoning=on", **BATCH).text
    assert said.splitlines() == ["model = demo/parrot", "budget = 2.5", "show_reasoning = true"]
    kernel.chat("", **BATCH)
    assert simulator.requests[-1].body["model"] == "demo/parrot"
    assert "| budget | 2.5 | set |" in kernel.run("%chat_config", **BATCH).text
    assert kernel.run("%chat_config budget=none", **BATCH).text == "budget = none\n"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("bugdet=1", "Did you mean 'budget'"),
        ("temperature=0.3", "no setting 'temperature'. Settings: budget, "),
        ("budget", "takes NAME=VALUE"),
        ("budget=much", "a number or none"),
        ("budget=-1", "does not take -1"),
        ("show_reasoning=flase", "Did you mean 'false'"),
        ("on_error=banana", "raise, banner"),
        ("model=demo/tour budget=-1", "does not take -1"),
        ("budget=nan", "a number or none"),
        ("budget=1 budget=2", "budget is given twice"),
        ("model=demo/to\u200bur", "takes the id of a model, not 'demo/to\\u200bur'"),
        ("model=\u201cdemo/tour\u201d", "takes the id of a model"),
        ("model={{model}}", "takes the id of a model, not '{model}'"),
    ],
)
def test_a_wrong_setting_is_named_and_changes_nothing(kernel, line, words):
    run = kernel.run(f"%chat_config {line}", **BATCH)
    assert words in run.text
    assert run.reply["status"] == "error"
    assert "| set |" not in kernel.run("%chat_config", **BATCH).text


def test_nobody_is_asked_in_a_batch_run(kernel):
    assert "This frontend cannot ask for input" in kernel.run("%chat_key", **BATCH).text


def test_models_are_listed_with_what_one_chooses_by(kernel):
    run = kernel.run("%chat_models parrot", **BATCH)
    assert "`demo/parrot`" in run.text
    assert "`demo/tour`" not in run.text
    assert "<table>" in run.outputs[0]["data"]["text/html"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("--fre", "Did you mean '--free'"),
        ("--sort prise", "Did you mean 'price'"),
        ("--sort", "price, context or new"),
        ("--input smell", "text, image"),
    ],
)
def test_a_wrong_search_is_named(kernel, simulator, line, words):
    assert words in kernel.run(f"%chat_models {line}", **BATCH).text
    assert simulator.requests == []


def test_a_list_that_cannot_be_had_is_a_banner(kernel):
    kernel.run("os.environ['OPENROUTER_BASE_URL'] = 'http://127.0.0.1:1/api/v1'\n%reload_ext openrouter_nb")
    run = kernel.run("%chat_models", **BATCH)
    assert "✗ No connection" in run.text
    assert "Traceback" not in run.text
