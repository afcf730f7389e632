"""The playground's conversation: each change of it by mouse and by keyboard, and what is on the wire afterwards."""

import base64

import pytest
from playwright.sync_api import expect
from support import media
from support.keyboard import Keyboard
from support.playground import PlaygroundView

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("server", ["lab", "notebook"], indirect=True)]


class Hand:
    """Uses a panel with the mouse."""

    def __init__(self, view: PlaygroundView) -> None:
        self.view = view
        self.root = view.root

    def press(self, button):
        button.click()

    def write(self, field, text):
        field.fill(text)

    def role(self, name):
        self.root.get_by_role("combobox", name="Role of the message").select_option(name)

    def choose(self, menu, name):
        """Open a menu and take the thing of this name from it."""
        self.press(menu)
        self.take(menu.locator("xpath=..").get_by_role("menuitem", name=name))

    def take(self, item):
        item.click()


class Keys(Hand):
    """Uses a panel with the keyboard alone."""

    def __init__(self, view):
        super().__init__(view)
        self.keys = Keyboard(view.root)
        view.message.focus()  # from here on, by keys

    def press(self, button):
        self.keys.do(button)

    def write(self, field, text):
        self.keys.go(field)
        self.keys.press("Control+a")
        self.keys.type(text)

    def role(self, name):
        self.keys.go(self.root.get_by_role("combobox", name="Role of the message"))
        self.keys.type(name)

    def take(self, item):
        item.wait_for()
        for _ in range(20):
            if item.evaluate("(node) => node === document.activeElement"):
                self.keys.press("Enter")
                return
            self.keys.press("ArrowDown")
        raise AssertionError(f"arrows do not reach {item}")


@pytest.fixture(params=[Hand, Keys], ids=["mouse", "keyboard"])
def user(request, play):
    return request.param(play("demo/parrot"))


def test_each_change_of_the_conversation_is_made_and_is_in_the_request(user, simulator):
    view, root = user.view, user.root
    items = root.locator(".orn-item")
    editor = root.locator(".orn-thread textarea")

    def sent(calls=1):
        view.wait_done(calls)
        return [(each["role"], each["content"]) for each in simulator.exchanges[-1].request.body["messages"]]

    def button(name, at=None):
        return view.button(name, within=items.nth(at) if at is not None else root)

    def more(at):
        return button("More actions", at).last

    # Instructions, and a question.
    user.press(button("Add a system message"))
    expect(editor).to_be_focused()
    user.write(editor, "Be terse.")
    user.press(button("Save"))
    expect(items.nth(0).locator(".orn-plain")).to_have_text("Be terse.")
    user.write(view.message, "One")
    view.mark()
    user.press(button("Send"))
    head = ("system", "Be terse.")
    assert sent() == [head, ("user", "One")]
    # Edited and asked again, the old words stay as a branch.
    user.press(button("Edit", 1))
    expect(editor).to_be_focused()
    user.write(editor, "Two")
    view.mark()
    user.press(button("Save and resend"))
    assert sent() == [head, ("user", "Two")]
    expect(items.nth(1).locator(".orn-branches")).to_have_text("2/2")
    user.press(button("Previous alternative", 1))
    expect(items.nth(1).locator(".orn-plain")).to_have_text("One")
    expect(items.nth(2).locator(".orn-markdown")).to_have_text("One")
    user.press(button("Next alternative", 1))
    expect(items.nth(2).locator(".orn-markdown")).to_have_text("Two")
    # Regenerate the answer, and continue it.
    view.mark()
    user.press(button("Regenerate", 2))
    assert sent() == [head, ("user", "Two")]
    expect(items.nth(2).locator(".orn-branches")).to_have_text("2/2")
    view.mark()
    user.choose(button("More actions", 2).first, "Continue")
    assert sent() == [head, ("user", "Two"), ("assistant", "Two")]
    expect(items.nth(2).locator(".orn-markdown")).to_have_text("TwoTwo")
    # Insert, move, duplicate, change the role, delete, and undo.
    user.choose(more(1), "Insert user below")
    expect(editor).to_be_focused()
    user.write(editor, "Between")
    user.press(button("Save"))
    expect(items.nth(2).locator(".orn-plain")).to_have_text("Between")
    user.press(button("Move up", 2))
    expect(items.nth(1).locator(".orn-plain")).to_have_text("Between")
    user.press(button("Move down", 1))
    expect(items.nth(2).locator(".orn-plain")).to_have_text("Between")
    user.choose(more(2), "Duplicate")
    expect(items).to_have_count(5)
    user.choose(more(3), "Change role to developer")
    expect(items.nth(3).locator(".orn-role-developer")).to_have_count(1)
    user.press(button("Delete", 2))
    expect(items).to_have_count(4)
    user.press(button("Undo: delete message"))
    expect(items).to_have_count(5)
    user.press(button("Redo: delete message"))
    expect(items).to_have_count(4)
    user.write(view.message, "Last")
    view.mark()
    user.press(button("Send"))
    assert sent() == [
        head,
        ("user", "Two"),
        ("developer", "Between"),
        ("assistant", "TwoTwo"),
        ("user", "Last"),
    ]
    # A prefill that the model continues, and a message that is added without sending.
    user.write(view.message, "Colour?")
    user.press(button("Add only"))
    expect(items).to_have_count(7)
    expect(view.message).to_have_value("")
    user.role("assistant")
    user.write(view.message, "Re")
    view.mark()
    user.press(button("Send"))
    assert sent()[-2:] == [("user", "Colour?"), ("assistant", "Re")]
    expect(items.nth(7).locator(".orn-markdown")).to_have_text("ReRe")
    expect(root.get_by_role("combobox", name="Role of the message")).to_have_value("user")
    # A branch: what followed is kept beside it.
    user.choose(more(1), "Branch from here")
    expect(items).to_have_count(2)
    view.mark()
    user.press(button("Send"))
    assert sent() == [head, ("user", "Two")]
    # What a tool has returned, by hand, with the call that it answers.
    user.role("tool")
    user.write(view.message, "sunny")
    user.press(button("Add only"))
    call = items.last.get_by_label("Id of the tool call")
    user.write(call, "call_1")
    call.press("Tab")
    view.until("p.messages[-1] == {'role': 'tool', 'content': 'sunny', 'tool_call_id': 'call_1'}")
    # All of it as JSON.
    user.choose(button("More about the conversation"), "Edit as JSON…")
    whole = root.get_by_role("textbox", name="Messages, as JSON")
    expect(whole).to_contain_text('"Be terse."')
    user.write(whole, '[{"role": "usr", "content": "Anew"}]')
    user.press(button("Save"))
    expect(root.locator(".orn-thread-json .orn-problem")).to_contain_text("role")
    user.write(whole, '[{"role": "user", "content": "Anew"}]')
    user.press(button("Save"))
    expect(items).to_have_count(1)
    view.mark()
    user.press(button("Send"))
    assert sent() == [("user", "Anew")]
    user.choose(button("More about the conversation"), "Clear the conversation")
    expect(items).to_have_count(0)
    expect(root.locator(":focus")).to_have_count(1)


# ------------------------------------------------------------------------------------------------ files

PNG, PDF, WAV = "picture.png", "paper.pdf", "tone.wav"
FILES = {
    PNG: ("image/png", media.picture()),
    PDF: ("application/pdf", media.PDF),
    WAV: ("audio/wav", media.tone()),
}

# A file comes as a clipboard or a hand brings it.
BRING = """(target, [kind, name, type, data]) => {
    const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], name, { type }));
    const options = { bubbles: true, cancelable: true };
    if (kind === "paste") {
        target.dispatchEvent(new ClipboardEvent("paste", { ...options, clipboardData: transfer }));
    } else {
        for (const step of ["dragover", "drop"]) {
            target.dispatchEvent(new DragEvent(step, { ...options, dataTransfer: transfer }));
        }
    }
}"""


def bring(target, how, name):
    media_type, data = FILES[name]
    target.evaluate(BRING, [how, name, media_type, base64.b64encode(data).decode()])


def kinds(message):
    """What a message on the wire holds, in words, and whether the bytes are those of the file."""
    found = []
    for part in message["content"]:
        match part:
            case {"type": "text", "text": text}:
                found.append(text)
            case {"type": "image_url", "image_url": {"url": url}}:
                assert url == f"data:image/png;base64,{base64.b64encode(FILES[PNG][1]).decode()}"
                found.append("image")
            case {"type": "input_audio", "input_audio": {"format": "wav", "data": data}}:
                assert base64.b64decode(data) == FILES[WAV][1]
                found.append("audio")
            case {"type": "file", "file": {"file_data": url}}:
                assert url == f"data:application/pdf;base64,{base64.b64encode(FILES[PDF][1]).decode()}"
                found.append("file")
    return found


def test_pictures_papers_and_sounds_are_attached_by_paste_drop_and_variable(play, simulator):
    view = play("demo/parrot")
    root = view.root
    composer = root.locator(".orn-composer")
    names = {PNG: "picture", PDF: "paper", WAV: "tone"}
    view.lab.execute_silently(
        "\n".join(f"{variable} = {FILES[name][1]!r}" for name, variable in names.items())
    )
    for how in ("paste", "drop", "variable"):
        for count, (name, variable) in enumerate(names.items(), 1):
            if how == "variable":
                view.button("Variable", within=composer).click()
                composer.get_by_role("menuitem", name=variable).click()
            else:
                bring(view.message if how == "paste" else composer, how, name)
            expect(composer.locator("figure")).to_have_count(count)
        view.ask(how)
        view.wait_done()
        assert kinds(simulator.exchanges[-1].request.body["messages"][-1]) == [how, "image", "file", "audio"]
        expect(composer.locator("figure")).to_have_count(0)
    # A message that was sent takes more of them, and loses some; so does one that is only added.
    message = root.locator(".orn-message").first
    bring(message, "drop", PNG)
    expect(message.locator("figure")).to_have_count(4)
    view.button("Edit", within=message).click()
    bring(message.locator("textarea"), "paste", WAV)
    expect(message.locator("figure")).to_have_count(5)
    view.button("Cancel", within=message).click()
    view.button("Remove image", within=message).first.click()
    expect(message.locator("figure")).to_have_count(4)
    bring(view.message, "paste", PDF)
    expect(composer.locator("figure")).to_have_count(1)
    view.button("Add only").click()
    expect(root.locator(".orn-message").last.locator("figure")).to_have_count(1)
    view.mark()
    view.button("Send").click()
    view.wait_done()
    sent = simulator.exchanges[-1].request.body["messages"]
    assert kinds(sent[0]) == ["paste", "file", "audio", "image", "audio"]
    assert kinds(sent[-1]) == ["file"]
