"""Answers that are objects, in Chromium: they grow as a table or tree, end as checked values, and a wrong one says where."""

import pytest
from playwright.sync_api import expect
from support.axe import AXE, violations
from support.says import says

pytestmark = pytest.mark.browser

DEFINE = """
from pydantic import BaseModel
class Line(BaseModel):
    article: str
    price: float
    note: str | None
class Buyer(BaseModel):
    name: str
    tags: list[str]
class Invoice(BaseModel):
    number: str
    buyer: Buyer
    lines: list[Line]
    total: float
"""
# It stops in the middle of the last text.
INVOICE = (
    '{"number": "2026-117", "buyer": {"name": "Ada <b>Lovelace</b>", "tags": ["new", "abroad"]}, "lines": ['
    '{"article": "Apples, a whole basket of them, from the north", "price": 2.5, "note": null},'
    '{"article": "![x](https://evil.example/x.png)", "price": 12.25, "note": "fresh\\nand red"},'
    '{"article": "Plums", "price": 3, "note": "the last ones of the year'
)
LINES = '{"value": ' + INVOICE[INVOICE.index("[{") :]
WRONG = (
    '{"number": 7, "buyer": {"name": "Ada", "tags": ["new"]}, "lines": [{"article": "Plums", "price": "3",'
    ' "note": null}], "total": 3}'
)
SAID = [
    "number: input should be a valid string, not 7",
    'lines[0].price: input should be a valid number, not "3"',
]


def rows(root):
    return [row.locator("td").all_inner_texts() for row in root.locator(".orn-json tbody tr").all()]


def test_an_object_grows_as_a_tree_and_a_list_as_a_table(chat, artifacts):
    lab = chat(
        DEFINE,
        f"%%chat -m demo/stall --schema Invoice {says(INVOICE)}\nThe invoice",
        f"%%chat -m demo/stall --schema list[Line] {says(LINES)}\nThe lines",
    )
    lab.run(0)
    lab.page.add_script_tag(path=AXE)
    for theme in ("Dark", "Light"):
        lab.theme(f"JupyterLab {theme}")
        for cell in (1, 2):
            lab.start(cell)
            live = lab.live(cell)
            expect(live.locator(".orn-json-open")).to_have_text("the last ones of the year", timeout=30_000)
            assert live.locator("th").all_inner_texts() == ["article", "price", "note"]
            assert rows(live) == [
                ["Apples, a whole basket of them, from the north", "2.5", "null"],
                ["![x](https://evil.example/x.png)", "12.25", "fresh\nand red"],
                ["Plums", "3", "the last ones of the year"],
            ]
            assert live.locator("b, img, a").count() == 0
            shown = ["number", "buyer", "name", "tags", "lines"] if cell == 1 else []
            expect(live.locator("dt:visible")).to_have_text(shown)
            assert violations(lab.page, ".orn-live") == []
            lab.screenshot(cell, artifacts / f"object-{cell}-{theme.lower()}.png")
            lab.stop(cell)
            lab.wait()


def test_an_object_ends_as_a_checked_table_and_a_wrong_one_says_where(chat):
    lab = chat(
        DEFINE,
        "%%chat -m demo/structured --schema list[Line] -o lines\nThe lines",
        "print(lines)",
        f"%%chat -m demo/structured-wrong --schema Invoice --once {says(WRONG)}\nThe invoice",
        f"%%chat -m demo/structured,demo/structured-wrong --schema Invoice --once {says(WRONG)}\nThe invoice",
    )
    lab.run(0)
    lab.run(1)
    saved = lab.output(1)
    expect(saved.locator("th")).to_have_text(["article", "price", "note"])
    assert saved.locator("tbody td").all_inner_texts()[:2] == ["simulated", "42.0"]
    assert "Line(article='simulated', price=42.0" in lab.run(2)[0]["text"]
    lab.run(3)
    expect(lab.output(3).locator("li")).to_have_text(SAID)
    expect(lab.output(3)).to_contain_text("WrongAnswerError")
    lab.run(4)
    side = lab.output(4)
    expect(side.locator("h4")).to_have_text(["demo/structured", "demo/structured-wrong"])
    expect(side.locator("li")).to_have_text(SAID)


def test_the_playground_draws_objects_says_what_does_not_fit_and_has_it_put_right(play, artifacts):
    view = play("demo/stall")
    lab, page = view.lab, view.page
    lab.execute_silently(
        DEFINE
        + "from openrouter_nb.output import OutputSchema\n"
        + "p._controller.state.schema = OutputSchema(Invoice)\n"
        + f"p.params = {{'response_format': OutputSchema(Invoice).response_format, 'extra_body': {{'simulator': {{'text': {INVOICE!r}}}}}}}"
    )
    page.add_script_tag(path=AXE)
    view.ask("The invoice")
    answer = view.answers().last
    expect(answer.locator(".orn-json-open")).to_have_text("the last ones of the year", timeout=30_000)
    assert rows(answer)[2] == ["Plums", "3", "the last ones of the year"]
    for theme in ("Dark", "Light"):
        lab.theme(f"JupyterLab {theme}")
        assert violations(page, ".orn-pg") == []
        lab.screenshot(0, artifacts / f"playground-object-{theme.lower()}.png")
    view.button("Stop").first.click()
    expect(answer.locator(".orn-json-cut")).to_have_text("It breaks off here.")

    lab.execute_silently(
        f"p.messages = []; p.model = 'demo/structured-wrong'; p.params['extra_body'] = {{'simulator': {{'text': {WRONG!r}}}}}"
    )
    expect(view.answers()).to_have_count(0)
    view.ask("The invoice")
    view.wait_done()
    expect(answer.locator(".orn-misfits li")).to_have_text(SAID)
    assert violations(page, ".orn-pg") == []
    lab.screenshot(0, artifacts / "playground-misfits.png")
    view.mark()
    view.button("Ask for a correction").click()
    view.wait_done()
    expect(answer.locator(".orn-misfits")).to_have_count(0)
    expect(answer).to_contain_text("fits the schema")
    expect(answer).to_contain_text("2/2")
    lab.execute_silently("assert p.result.parsed.number == 'simulated'")
