"""Saved answers: Markdown as HTML that can do nothing."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from openrouter_nb.render.html.control_characters import escape_control
from openrouter_nb.render.html.markdown import to_html
from openrouter_nb.render.html.syntax_highlight import CODE, PRE, STYLE

LIVE_CSS = Path(__file__).resolve().parents[3] / "js" / "src" / "live" / "live.css"
PAYLOADS = Path(__file__).resolve().parents[3] / "js" / "test" / "fixtures" / "payloads.json"
ELEMENTS = {
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "pre",
    "code",
    "em",
    "strong",
    "s",
    "a",
    "br",
    "hr",
    "blockquote",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "span",
    "img",
    "style",
}
ATTRIBUTES = {
    "a": {"href", "target", "rel"},
    "img": {"src", "alt"},
    "span": {"class", "title"},
    "ol": {"start"},
}
# Attributes of any element. No text of a model becomes part of them.
DIRECTIONS = {"auto", "ltr"}
DECLARATIONS = re.compile(
    r"text-align:(?:start|left|center|right|(?:-webkit-)?match-parent)|unicode-bidi:plaintext|overflow-wrap:anywhere"
    r"|(?:margin(?:-inline)?|padding(?:-inline-start)?|border(?:-inline-start)?|color):[\w .,()#-]+"
)


class Inspector(HTMLParser):
    """Notes everything in a page that is not on the list of harmless things."""

    def __init__(self, html):
        super().__init__()
        self.wrong = []
        self.links = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag not in ELEMENTS:
            self.wrong.append(tag)
        for name, value in attrs:
            if name not in ATTRIBUTES.get(tag, ()) and name not in {"style", "dir"}:
                self.wrong.append(f"{tag} {name}={value}")
            if name == "href":
                self.links.append(value)
                if not value.lower().startswith(("http://", "https://", "mailto:")):
                    self.wrong.append(value)
            if name == "src" and not value.startswith("data:image/"):
                self.wrong.append(value)
            if name == "dir" and value not in DIRECTIONS:
                self.wrong.append(value)
            if name == "style" and value not in (CODE, PRE):
                self.wrong += [each for each in value.split(";") if not DECLARATIONS.fullmatch(each)]


def payloads():
    return [pytest.param(row["text"], id=row["id"]) for row in json.loads(PAYLOADS.read_text())]


@pytest.mark.parametrize("markdown", payloads())
def test_an_attack_becomes_harmless_elements(markdown):
    html = to_html(escape_control(markdown))
    assert Inspector(html).wrong == []
    assert html.count("<style>") <= 1


def test_raw_html_is_shown_as_text():
    assert "&lt;script&gt;" in to_html("a <script>x</script> b")


def test_a_remote_picture_is_named_and_not_loaded():
    html = to_html("![chart](https://tracker.example/p.png?data=secret)")
    assert "<img" not in html
    assert "chart, tracker.example" in html
    assert "secret" not in html


def test_a_picture_in_the_text_is_shown():
    assert '<img src="data:image/png;base64,AAAA" alt="dot">' in to_html("![dot](data:image/png;base64,AAAA)")


def test_links_open_elsewhere_and_say_nothing_of_the_notebook():
    html = to_html("[here](https://example.org/a?b=1&c=2)")
    assert (
        '<a href="https://example.org/a?b=1&amp;c=2" target="_blank" rel="noopener noreferrer nofollow">here</a>'
        in html
    )


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:x",
        "vbscript:x",
        "data:text/html,x",
        "//host/x",
        "/lab",
        "file:///etc",
    ],
)
def test_other_addresses_are_no_links(url):
    assert "<a " not in to_html(f"[x]({url})")
    assert "<a " not in to_html(f"[x][r]\n\n[r]: {url}")


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        (r"so \(a_b*c*\) holds", ">$a_b*c*$</span> holds"),
        (r"\[x_1 = 2\]", "$$x_1 = 2$$"),
        ("\\[\n\\sum_i\n= 3\n\\]", "$$\\sum_i\n= 3$$"),
        ("$$\nE=mc^2\n$$", "$$E=mc^2$$"),
        ("inline $x<y$ here", ' title="x&lt;y">$x&lt;y$</span> here'),
    ],
)
def test_math_is_left_for_the_page_to_typeset(markdown, html):
    assert html in to_html(markdown)


def test_a_text_without_right_to_left_letters_has_no_directions():
    html = to_html("# Title\n\ntext `code`\n\n- item\n\n```\ncode\n```\n\n| a |\n|---|\n| b |")
    assert "dir=" not in html
    assert '<td style="text-align:start">b</td>' in html


def test_each_block_has_the_direction_of_its_text_and_code_is_left_to_right():
    html = to_html(
        "مرحبا! `pip`:\n\n- واحد\n\n  two.\n\nEnglish.\n\n```python\nprint()\n```\n\n    indented\n\n"
        "| اسم | C++ |\n|---|--:|\n| أ | b |\n\n> قول\n\n1. one\n2. two\n\n# عنوان $x$"
    )
    assert '<p dir="auto" style="text-align:start">مرحبا! <code dir="ltr">pip</code>:</p>' in html
    assert '<ul dir="auto" style="padding:0;padding-inline-start:2em">' in html
    own_order = "unicode-bidi:plaintext;text-align:-webkit-match-parent;text-align:match-parent"
    assert (
        f'<li style="{own_order}">\n<p style="{own_order}">واحد</p>\n<p style="{own_order}">two.</p>' in html
    )
    assert '<p dir="auto" style="text-align:start">English.</p>' in html
    assert html.count('<pre dir="ltr" ') == 2
    assert '<table dir="auto" style="margin-inline:0 auto">' in html
    assert '<th style="text-align:start;unicode-bidi:plaintext">اسم</th>' in html
    assert '<td style="text-align:right;unicode-bidi:plaintext">b</td>' in html
    assert '<blockquote style="margin:0 0 1em;padding:0;padding-inline-start:12px;' in html
    assert '<ol dir="auto" ' in html
    assert '<h1 dir="auto" style="text-align:start">عنوان <span class="orn-tex" dir="ltr" ' in html


@pytest.mark.parametrize("markdown", ["{}", "- {}", "> {}", "| a |\n|---|\n| {} |", "# {}"])
def test_a_long_word_wraps(markdown):
    assert re.search(
        r'<(?:p|li|td|h1) style="[^"]*overflow-wrap:anywhere', to_html(markdown.format("x" * 60))
    )
    assert "overflow-wrap" not in to_html(markdown.format("short words only"))


def test_a_code_block_by_indentation_looks_as_one_by_fences():
    assert to_html("    x = 1") == to_html("```\nx = 1\n```")


def test_prices_are_not_math():
    html = to_html("from $5 to $10, and `$HOME`")
    assert "<span>$</span>5 to <span>$</span>10" in html
    assert "<code>$HOME</code>" in html


@pytest.mark.parametrize(
    "macro",
    [
        "href{javascript:x}{y}",
        "style{x}{y}",
        "require{x}",
        "html{x}",
        "includegraphics{x}",
        "bbox[9999em]{x}",
        "mmlToken{mi}[href=x]{y}",
        "fcolorbox{red}{x}{y}",
        "rule{9999em}{9999em}",
        "renewcommand{x}{y}",
        "providecommand{x}{y}",
        "gdef\\x{y}",
        "label{x}",
        "eqref{x}",
    ],
)
def test_math_that_reaches_beyond_the_formula_stays_source(macro):
    assert f"$\\{macro}" not in to_html(f"$\\{macro}$")


@pytest.mark.parametrize("formula", [r"\left(x\right)", r"\displaystyle x", r"\delta \refl", r"\mathcal{L}"])
def test_ordinary_macros_are_typeset(formula):
    assert f"${formula}$" in to_html(f"${formula}$")


def test_an_open_formula_is_text():
    assert "$$" not in to_html("$$\nhalf of").replace("<span>$</span>", "")


def test_code_is_coloured_once_and_escaped():
    html = to_html('```python\ndef f(): return "<b>"\n```')
    assert '<span class="orn-k">def</span>' in html
    assert "&lt;b&gt;" in html
    assert html.startswith("<style>")


def test_code_has_the_colours_of_the_live_view():
    live = LIVE_CSS.read_text().replace(" ", "").replace("\n", "").replace(";}", "}")
    rules = STYLE.removeprefix("<style>").removesuffix("</style>").split("}")[:-1]
    assert len(rules) == 7
    for rule in rules:
        assert f"{rule}}}" in live


def test_unknown_languages_and_plain_text_need_no_style_sheet():
    assert "<style>" not in to_html("```nosuchlanguage\nx < y\n```\n\ntext")


def test_task_lists_have_boxes():
    html = to_html("- [x] done\n- [ ] to do\n- [y] neither\n\n[ ] no item")
    assert "<li>☑ done</li>" in html
    assert "<li>☐ to do</li>" in html
    assert "<li>[y] neither</li>" in html
    assert "<p>[ ] no item</p>" in html


def test_tables_lists_and_headings_are_elements():
    html = to_html("# T\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n- x\n  - y")
    assert all(
        part in html
        for part in ("<h1>T</h1>", "<table>", '<td style="text-align:right">2</td>', "<li>y</li>")
    )


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("a\x1b[31mred\x1b[0m", "ared"),
        ("\x1b]8;;http://x\x07link\x1b]8;;\x07", "link"),
        ("\x1b]52;c;AAAA\x1b\\x", "x"),
        ("a\x00b\x07c\x9bd", "a[U+0000]b[U+0007]c[U+009B]d"),
        ("tab\tline\r\nnext", "tab\tline\nnext"),
        ("user\u202egnp.exe", "user[U+202E]gnp.exe"),
        ("日本語 🎉", "日本語 🎉"),
    ],
)
def test_control_characters_never_reach_the_page(raw, shown):
    assert escape_control(raw) == shown


BARE_URLS = Path(__file__).resolve().parents[2] / "fixtures" / "bare_urls.json"


@pytest.mark.parametrize(("markdown", "urls"), json.loads(BARE_URLS.read_text("utf-8")))
def test_a_bare_url_is_a_link_as_in_the_live_view(markdown, urls):
    assert re.findall('href="([^"]*)"', to_html(markdown)) == [url.replace("&", "&amp;") for url in urls]
