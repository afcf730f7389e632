"""The base class of widgets, without a kernel."""

import anywidget
import pytest
import traitlets

from openrouter_nb import ChatBridge, bridge

SOURCE = "export default { render() {} }\n"
# The error shows that the imports of a source are replaced.
UNKNOWN = 'import x from "@openrouter-nb/client/vue";\n'


class Counter(ChatBridge):
    _esm = SOURCE
    value = traitlets.Int(0).tag(sync=True)


def test_traits_of_a_subclass_are_keywords():
    widget = Counter(models="demo/parrot", value=3)
    assert (widget.value, widget._esm) == (3, SOURCE)
    assert widget.bridge.policy.models == ("demo/parrot",)
    assert (widget.bridge.cost, widget.bridge.requests, widget.bridge.running) == (0, 0, 0)
    assert repr(widget.bridge) == "<Bridge to demo/parrot: 0 requests, 0 running>"


def test_a_subclass_has_its_own_constructor_and_messages():
    class Named(Counter):
        def __init__(self, name):
            super().__init__(models="demo/parrot")
            self.name = name

    assert Named("n").name == "n"


def test_a_source_is_read_from_a_file_and_again_after_a_change(tmp_path):
    path = tmp_path / "widget.js"
    path.write_text(SOURCE)

    class FromFile(ChatBridge):
        _esm = path

    widget = FromFile(models="demo/parrot")
    assert widget._esm == SOURCE
    FromFile._esm.changed.emit("export default {}")
    assert widget._esm == "export default {}"
    with pytest.raises(ValueError, match="no module"):
        widget._esm = UNKNOWN


def test_imports_of_a_source_are_replaced():
    class Wrong(ChatBridge):
        _esm = UNKNOWN

    with pytest.raises(ValueError, match="no module"):
        Wrong(models="demo/parrot")
    with pytest.raises(ValueError, match="no module"):
        Counter(models="demo/parrot", _esm=UNKNOWN)


def test_wrong_arguments_are_errors():
    with pytest.raises(TypeError, match="takes a widget"):
        bridge(object())
    with pytest.raises(TypeError, match="client"):
        Counter(models="demo/parrot", client=object())
    with pytest.raises(ValueError, match="max_cost"):
        bridge(anywidget.AnyWidget(), models="demo/parrot", max_cost=-1)


def test_a_widget_has_one_open_bridge():
    widget = anywidget.AnyWidget()
    first = bridge(widget, models="demo/parrot")
    with pytest.raises(ValueError, match="close it first"):
        bridge(widget, models="demo/parrot")
    first.close()
    assert not bridge(widget, models="demo/parrot").is_closed
    widget.close()
    assert first.is_closed
