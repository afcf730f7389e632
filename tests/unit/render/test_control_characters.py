"""Characters that hide or change text."""

import pytest

from openrouter_nb.render.html.control_characters import escape_control


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("before \x1b] after", "before [U+001B]] after"),
        ("before \x1bP after", "before [U+001B]P after"),
        ("before \x1b", "before [U+001B]"),
        ("before \x1b[ after", "before [U+001B][ after"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07rest", "rest"),
        ("a\x08b\x00c\x9bd", "a[U+0008]b[U+0000]c[U+009B]d"),
        ("line\r\nline\tx\r", "line\nline\tx"),
        ("pay\u200bpal", "pay[U+200B]pal"),
        ("a\u200db", "a[U+200D]b"),
        ("a\ufeffb\u2060c\u00add\u3164e", "a[U+FEFF]b[U+2060]c[U+00AD]d[U+3164]e"),
        ("x\U000e0041\U000e0042", "x[U+E0041][U+E0042]"),
        ("x\ufe00\ufe01", "x[U+FE00][U+FE01]"),
        ("\N{BLACK HEART}\ufe0f\ufe0f", "\N{BLACK HEART}\ufe0f[U+FE0F]"),
        ("x\U000e0100", "x[U+E0100]"),
        ("a\u202eb", "a[U+202E]b"),
        ("a\u200e\u200f\u200eb", "a[U+200E][U+200F][U+200E]b"),
        ("a\ud800b", "a\ufffdb"),
    ],
)
def test_they_are_shown_as_escapes(text, shown):
    assert escape_control(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "plain, caf\N{LATIN SMALL LETTER E WITH ACUTE}, \N{CJK UNIFIED IDEOGRAPH-4E2D}\n\ttext",
        "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}",
        "\N{HEAVY BLACK HEART}\ufe0f\u200d\N{FIRE}",
        "1\ufe0f\N{COMBINING ENCLOSING KEYCAP}",
        "\N{ARABIC LETTER MEEM}\N{ARABIC LETTER FARSI YEH}\u200c\N{ARABIC LETTER KHAH}",
        "5\u200f!",
        "C\u200e++ \N{ARABIC LETTER MEEM}\u061c!",
        "\N{WAVING BLACK FLAG}\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    ],
)
def test_characters_with_a_purpose_are_kept(text):
    assert escape_control(text) == text
