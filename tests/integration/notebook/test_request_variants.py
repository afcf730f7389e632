"""Each variant of a request that OpenRouter's OpenAPI document allows is on the wire as it was given to `%%chat`."""

import json

from support.variants import fields, refusal, variants

from openrouter_nb.parameters import PARAMETERS

AT_ONCE = 500
SET_BY_THE_CELL = {"messages", "stream"}
CELL = """
import json
from IPython.utils.capture import capture_output
messages = {{}}
with capture_output():
    for prompt, line in json.loads({lines!r}):
        try:
            get_ipython().run_cell_magic("chat", line, prompt)
        except Exception as error:
            messages[prompt] = str(error)
print(json.dumps(messages))
"""


def sent(kernel, simulator, lines):
    """Run a chat cell for each line; return the bodies that arrived and the messages of errors, by number of the line.

    The simulator rejects some, such as unknown models: those have arrived, too.
    """
    numbered = [(str(number), line) for number, line in enumerate(lines)]
    messages = {}
    for start in range(0, len(numbered), AT_ONCE):
        run = kernel.run(CELL.format(lines=json.dumps(numbered[start : start + AT_ONCE])))
        assert run.reply["status"] == "ok", run.text
        messages |= json.loads(run.text)
    bodies = [request.body for request in simulator.requests if isinstance(request.body, dict)]
    return (
        {int(body["messages"][0]["content"]): body for body in bodies},
        {int(number): message for number, message in messages.items()},
    )


def quoted(text):
    """Write a value of an option in single quotes."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def whole(name, value):
    return f"-p {name}={quoted(json.dumps(value))}"


def quoted_whole(name, value):
    return f"-p {quoted(f'{name}={json.dumps(value)}')}"


def compact(name, value):
    """Write JSON without spaces, which needs no quotes."""
    return f"-p {name}={json.dumps(value, separators=(',', ':'))}"


def dotted(name, value):
    """Write each key of an object as a separate option."""
    if isinstance(value, dict) and value:
        return " ".join(dotted(f"{name}.{key}", inner) for key, inner in value.items())
    return whole(name, value)


def own(name, value):
    """Write the option of the parameter itself."""
    text = value if isinstance(value, str) else json.dumps(value)
    return f"{PARAMETERS[name].flags[-1]}={quoted(text)}"


def lines():
    for name, schema in fields().items():
        if name in SET_BY_THE_CELL:
            continue
        model = "" if name == "model" else "-m demo/echo"
        for number, value in enumerate(variants(schema)):
            forms = [(whole, quoted_whole, compact)[number % 3]]
            if compact(name, value).count(" ") > 1:
                forms = [whole]
            if isinstance(value, dict) and value:
                forms.append(dotted)
            if value is not None and PARAMETERS[name].flags:
                forms.append(own)
            for form in forms:
                yield name, value, f"{model} --once -q --no-stream {form(name, value)}"


def test_each_variant_of_a_field_is_sent_as_it_is(kernel, simulator):
    cases = list(lines())
    bodies, messages = sent(kernel, simulator, [line for _, _, line in cases])
    wrong = []
    for number, (name, value, line) in enumerate(cases):
        prompt = [{"role": "user", "content": str(number)}]
        body = {"model": "demo/echo", "messages": prompt, "stream": False, name: value}
        if words := refusal({name: value}):
            is_right = number not in bodies and words in messages.get(number, "")
        else:
            is_right = json.dumps(bodies.get(number), sort_keys=True) == json.dumps(body, sort_keys=True)
        if not is_right:
            wrong.append((line, bodies.get(number), messages.get(number)))
    assert wrong == []
