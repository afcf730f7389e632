"""The line of `%%chat`."""

import pytest

from openrouter_nb.notebook.help import help_text
from openrouter_nb.notebook.options.parser import parse
from openrouter_nb.notebook.options.table import BY_FLAG, OPTIONS, PARAMETER_OPTIONS, ROWS
from openrouter_nb.notebook.options.typo_hints import _MEANT, _SAME_PURPOSE
from openrouter_nb.notebook.options.values import OptionError
from openrouter_nb.parameters import PARAMETERS


def test_words_after_the_options_are_text_as_they_stand():
    arguments = parse("""-m a/b don't {panic} "now" -t 3""")
    assert arguments.parameters == {"model": "a/b"}
    assert arguments.text == """don't {panic} "now" -t 3"""


def test_two_dashes_end_the_options():
    assert parse("-t 1 -- -5 degrees").text == "-5 degrees"
    assert parse("-t 1 -5 degrees").text == "-5 degrees"


@pytest.mark.parametrize(
    ("line", "system"),
    [
        ('-s "be terse"', "be terse"),
        ("-s 'be \"terse\"'", 'be "terse"'),
        ('--system="be terse"', "be terse"),
        ("--system=terse", "terse"),
        ('-s "one\\ntwo"', "one\ntwo"),
        ('-s ""', ""),
        (r'-s "in C:\docs, as \alpha"', r"in C:\docs, as \alpha"),
        (r'-s "a \"b\" \\ c"', 'a "b" \\ c'),
    ],
)
def test_quotes_hold_a_value_together(line, system):
    assert parse(line).system == system


VALUES = {
    "number": ("0.5", 0.5),
    "integer": ("7", 7),
    "string": ("abc", "abc"),
    "strings": ("abc", "abc"),
    "boolean": ("false", False),
    "object": ('{"a":1}', {"a": 1}),
    "array": ('["a"]', ["a"]),
    "json": ("auto", "auto"),
}


@pytest.mark.parametrize(
    ("flag", "row"),
    [(flag, row) for row in PARAMETER_OPTIONS for flag in row.flags],
    ids=lambda value: str(value)[:20],
)
def test_every_parameter_flag_sets_its_parameter_and_nothing_else(flag, row):
    text, value = VALUES[row.parameter.container or row.parameter.kind]
    if row.parameter.choices:
        text = value = row.choices[-1]
    assert parse(f"{flag}={text} words").parameters == {row.name: value}
    if row.needs_value:
        assert parse(f"{flag} {text}").parameters == {row.name: value}


def test_every_row_of_the_table_has_an_option_but_those_that_another_option_sets():
    by_others = {"messages", "stream", "models", "provider", "tools", "max_tokens", "reasoning"}
    assert {row.name for row in PARAMETERS.values() if not row.flags} == by_others


def test_a_boolean_is_true_by_its_name_alone():
    arguments = parse("--logprobs true stories")
    assert arguments.parameters == {"logprobs": True}
    assert arguments.text == "true stories"


@pytest.mark.parametrize(
    ("line", "parameters"),
    [
        ("--fallback a/b --fallback c/d,e/f", {"models": ["a/b", "c/d", "e/f"]}),
        ("--provider openai,azure", {"provider": {"order": ["openai", "azure"]}}),
        ("""--provider '{"sort": "price"}'""", {"provider": {"sort": "price"}}),
        (
            "--provider openai -p provider.allow_fallbacks=false",
            {"provider": {"allow_fallbacks": False, "order": ["openai"]}},
        ),
        ("--online", {"tools": [{"type": "openrouter:web_search"}]}),
        (r"""-p stop='["\n"]'""", {"stop": ["\n"]}),
        (r"""--stop '["\n", "\t"]'""", {"stop": ["\n", "\t"]}),
        (r"""--stop '["\\n"]'""", {"stop": ["\n"]}),
        ("-t 1", {"temperature": 1}),
        (
            """--online -p tools='[{"type": "x"}]'""",
            {"tools": [{"type": "x"}, {"type": "openrouter:web_search"}]},
        ),
    ],
)
def test_what_sets_a_field_of_another_name(line, parameters):
    assert parse(line).parameters == parameters


def test_several_models_are_a_list_and_one_is_not():
    assert parse("-m a/b,c/d").models == ["a/b", "c/d"]
    assert parse("-m a/b,c/d").parameters == {}
    assert parse("-m a/b").models == []


@pytest.mark.parametrize(
    "row",
    [
        row
        for row in PARAMETER_OPTIONS
        if row.parameter.maximum is not None and row.parameter.kind != "strings"
    ],
)
def test_a_value_out_of_bounds_names_the_bound(row):
    maximum = row.parameter.maximum
    wrong = "x" * 300 if row.parameter.kind == "string" else str(maximum + 1)
    with pytest.raises(OptionError, match=f"{maximum:g}"):
        parse(f"{row.flags[0]} {wrong}")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("--temprature 1", "Did you mean '--temperature'"),
        ("-z 1", "Unknown option -z"),
        ("-t hot", "-t takes a number, not 'hot'"),
        ("-n 5.5", "-n takes a whole number"),
        ("-t 1 -t 2", "given twice"),
        ("-t 1 --temperature 2", "given twice"),
        ("-m", "-m needs a value"),
        ("--new=1", "--new takes no value"),
        ("-r hgih", "Did you mean 'high'"),
        ('-s "open', "not closed"),
        ('-s "in C:\\dir\\" Hi', "not closed"),
        ("\u200b-t 1 Hi", r"invisible character, U\+200B, in -t: write it again"),
        ("\ufeff--new Hi", r"U\+FEFF, in --new"),
        ("-\u00adt 1 Hi", r"U\+00AD, in -t"),
        ("-m demo/parrot\u2060 Hi", r"U\+2060, in demo/parrot"),
        ("-m\u200bdemo/parrot Hi", "Unknown option -m"),
        ("-t 1\u200b", "takes a number"),
        ("\u2011m demo/parrot Hi", "does not begin with a hyphen: write -m"),
        ("\u2043m demo/parrot Hi", "write -m"),
        ("\u2212\u2212new Hi", "write --new"),
        ("-\u2013new Hi", "write --new"),
        ("\u200b\u2014new Hi", "write --new"),
        ("-s \u201cTwo words.\u201d Hi", "is not a straight quote"),
        ("--system=\u201cTwo words.\u201d Hi", "is not a straight quote"),
        ("-s \u2032Two words.\u2032 Hi", "is not a straight quote"),
        ("-s \u00b4Two words.\u00b4 Hi", "is not a straight quote"),
        ("-s `Two words.` Hi", "is not a straight quote"),
        ("\u00adm demo/parrot Hi", "does not begin with a hyphen: write -m"),
        ("-m= demo/parrot Hi", "-m needs a value"),
        ("--max-cost= 1 Hi", "--max-cost needs a value"),
        ("-m a/b ,c/d Hi", "space before a comma"),
        ("-n 1\u202f000 Hi", "space in a number"),
        ("--max-cost 1\u00a0000 Hi", "space in a number"),
        ("-p se\u200bed=1 Hi", r"U\+200B, in seed"),
        ("-p temperature", "KEY=JSON"),
        ("-p x=word", "not JSON"),
        ("-p messages=[]", "the cell itself sets messages"),
        ("-p stream=false", "the cell itself sets stream"),
        ("-p temperature=9", "0 to 2"),
        ("-p a.b=1 -p a.b=2", "given twice"),
        ("-p a=1 -p a.b=2", "already has a value"),
        ("-t nan", "number"),
        ("--logprobs=ture", "Did you mean 'true'"),
        ("--logit-bias 5", "takes an object"),
        ("--logit-bias {a", "takes a JSON object"),
        ("--modalities text", "takes a JSON list"),
        ("--fallback a,,b", "comma-separated words"),
        ("--fallback a,b,c,d", "at most 3"),
        ("--fallback a -p models='[]'", "models is given twice"),
        ("--provider {a", "slugs or a JSON object"),
        ("--provider a -p provider.order='[]'", "provider.order is given twice"),
        ("-m a,b -p model='\"c\"'", "model is given twice"),
        ("-m a,", "comma-separated words"),
        ("--retries 11", "a whole number from 0 to 10"),
        ("--timeout soon", "a number from 0.1"),
        ("-o 1st", "the name of a variable"),
        ("-o class", "the name of a variable"),
        ("-t", "-t needs a value. Sampling temperature, 0 to 2"),
        ("-c -t 0.2", "-c needs a value, and -t is an option"),
        ("-s 'Don't shout'", 'its value ends after .Don.. Put a value that contains . between " and "'),
        ("-t0.3", "Write -t 0.3"),
        ("temperature=0.2 Hi", "temperature=… is not an option: write --temperature and its value"),
        ("-m a/b model=c/d", "write --model and its value"),
        ("--models a,b", "Write --fallback ID,ID for fallback models, or -m ID,ID to compare models"),
        ("--max_tokens 5", "Did you mean '--max-tokens'"),
        ("--reasoning_effort high", "Write --reasoning."),
        ("--system-prompt x", "Write --system."),
        ("--json", "Write -f json."),
        ("--yes", "Write --approve auto."),
        ("--sort price", "Write -p provider.sort=JSON."),
        ("--allow-fallbacks false", "Write -p provider.allow_fallbacks=JSON."),
        ("-p stop=['a','b c", "Put a list or an object between single quotes"),
    ],
)
def test_a_wrong_option_says_what_is_wrong(line, message):
    with pytest.raises(OptionError, match=message.replace("'", ".")):
        parse(line)


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("price", "price"),
        ("'price'", "price"),
        ("“price”", "price"),
        ("openai/gpt-5-mini:free", "openai/gpt-5-mini:free"),
        ("False", False),
        ("None", None),
        ("['a','b']", ["a", "b"]),
        ("{'a':True}", {"a": True}),
        ("'two words'", "two words"),
        ("größer", "größer"),
        ("", ""),
    ],
)
def test_a_value_that_is_not_json_is_shown_as_one_that_is_accepted(given, value):
    with pytest.raises(OptionError) as caught:
        parse(f"-p provider.sort={given}")
    _, written, rest = str(caught.value).partition("Write ")
    assert written
    assert parse(rest.removesuffix(".")).parameters == {"provider": {"sort": value}}


def test_every_option_of_the_same_purpose_exists_and_no_name_is_an_option_itself():
    for text in _SAME_PURPOSE:
        assert BY_FLAG[text.split()[0]]
    assert not _MEANT.keys() & BY_FLAG.keys()
    assert len(_MEANT) == sum(len(names.split()) for names in _SAME_PURPOSE.values())


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("-- temperature=0.2 is low", "temperature=0.2 is low"),
        ("x=3 and y=4", "x=3 and y=4"),
        ("Is temperature=0.2 low?", "Is temperature=0.2 low?"),
        ('-s "-t" Hi', "Hi"),
        ('-s "don\'t" Hi', "Hi"),
    ],
)
def test_what_only_looks_like_a_slip_is_text(line, text):
    assert parse(line).text == text


WRONG = {
    "words": ("a,,b", "comma-separated words"),
    "name": ("a-b", "the name of a variable"),
    "number": ("warm", "a number"),
    "integer": ("2.5", "a whole number"),
    "boolean": ("maybe", "true or false"),
    "object": ("[1]", "an object"),
    "array": ("{}", "a list"),
}


def wrong_for(row):
    """A value that an option does not take, and words that the refusal has; None where all text is taken."""
    if row.choices:
        return f"{row.choices[0]}x", f"Did you mean '{row.choices[0]}'"
    if row.takes is None:
        return "1", "takes no value"
    return WRONG.get((row.parameter.container or row.parameter.kind) if row.parameter else row.kind)


@pytest.mark.parametrize("row", [row for row in ROWS if wrong_for(row)], ids=lambda row: row.name)
def test_every_option_that_can_be_wrong_says_what_is_right(row):
    value, words = wrong_for(row)
    with pytest.raises(OptionError) as caught:
        parse(f"{row.flags[-1]}={value} words")
    assert words in str(caught.value)
    assert row.flags[-1] in str(caught.value)


def test_the_options_that_take_any_text_are_judged_where_it_is_used():
    free = {row.name for row in ROWS if not wrong_for(row)}
    used_elsewhere = {"provider", "param", "system", "images", "files", "chat", "schema"}
    parameters = {
        row.name for row in PARAMETER_OPTIONS if row.parameter.kind in ("string", "strings", "json")
    }
    assert free <= used_elsewhere | parameters


def test_param_reaches_every_field_of_the_request():
    arguments = parse(
        """-p provider.sort='"price"' -p provider.zdr=true -p top_logprobs=3 -p newer.thing=[1,2]"""
    )
    assert arguments.parameters == {
        "provider": {"sort": "price", "zdr": True},
        "top_logprobs": 3,
        "extra_body": {"newer": {"thing": [1, 2]}},
    }


@pytest.mark.parametrize(
    "text", ["provider.sort='\"price\"'", "'provider.sort=\"price\"'", 'provider.sort="price"']
)
def test_quotes_may_stand_around_the_value_or_around_it_all(text):
    assert parse(f"-p {text}").parameters == {"provider": {"sort": "price"}}


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("--temp 1", "Did you mean '--temperature'?"),
        ("-T 1", "Did you mean '-t'?"),
        ("--Model a/b", "Did you mean '--model'?"),
        ("--foo", "Put -- before text"),
        ("-t 0,5", "Write 0.5."),
        ("-n 1,000", "Write 1000."),
        ("--timeout 1,5", "to 86,400, not '1,5'. Write 1.5."),
        ("--help", "%%chat? shows the help page."),
        ("-h", "%%chat? shows the help page."),
        ("\u2014temperature 1", "\u2014temperature does not begin with a hyphen: write --temperature."),
        ("\u2013model a/b", "does not begin with a hyphen: write --model."),
        ("\u2011t 0.5", "does not begin with a hyphen: write -t."),
        ("\u2212\u2212system=x", "does not begin with a hyphen: write --system."),
        ("-s \u201cIn French.\u201d", "\u201c is not a straight quote. Put the value between"),
        ("-s \u2019x\u2019", "\u2019 is not a straight quote."),
    ],
)
def test_what_newcomers_write_is_answered_with_what_they_mean(line, hint):
    with pytest.raises(OptionError) as caught:
        parse(line)
    assert hint in str(caught.value)
    assert "mean" not in str(caught.value) or "mean" in hint


def test_a_dash_in_prose_is_prose():
    assert parse("\u2014 that is all").text == "\u2014 that is all"
    assert parse("\u2014so they say").text == "\u2014so they say"


def test_options_take_values_of_the_notebook():
    values = {"{{model}}": "a/b,c/d", "{{t}}": "0.5", "seed={{n}}": "seed=7"}
    arguments = parse("-m {{model}} -t {{t}} -p seed={{n}} {{text}}", lambda _flag, text: values[text])
    assert arguments.models == ["a/b", "c/d"]
    assert arguments.parameters == {"temperature": 0.5, "seed": 7}
    assert arguments.text == "{{text}}"


@pytest.mark.parametrize(
    "line", ["-m {{ models [0] }} Hi", "-m={{ models [0] }} Hi", "--model {{ models [0] }} Hi"]
)
def test_an_expression_in_an_option_may_contain_spaces(line):
    arguments = parse(line, lambda _flag, text: {"{{ models [0] }}": "a/b"}[text])
    assert arguments.parameters == {"model": "a/b"}
    assert arguments.text == "Hi"


def test_raw_leaves_the_braces_of_options_alone():
    for line in ("--raw --stop {{", "--stop {{ --raw"):
        assert parse(line, lambda _flag, _text: "filled").parameters == {"stop": "{{"}


def test_a_key_on_the_line_is_refused_and_not_repeated():
    with pytest.raises(OptionError) as caught:
        parse("-m a/b sk-or-v1-0123456789abcdef")
    assert "0123456789" not in str(caught.value)


def test_the_help_page_names_every_flag():
    page = help_text()
    for row in PARAMETER_OPTIONS:
        assert all(flag in page for flag in row.flags)
    assert all(flag in page for row in OPTIONS for flag in row.flags)


def test_no_flag_has_two_owners():
    flags = [flag for row in ROWS for flag in row.flags]
    assert len(flags) == len(set(flags))
