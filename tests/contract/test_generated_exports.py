"""`components/_exports.py` is what `tools/exports.py` generates."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def generator():
    spec = importlib.util.spec_from_file_location("exports_generator", ROOT / "tools/exports.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_export_table_is_up_to_date(generator):
    assert generator.source() == generator.TARGET.read_text(), "run `make generate`"


def test_classes_and_type_aliases_are_exported_and_field_definitions_are_not(generator, tmp_path):
    module = tmp_path / "module.py"
    module.write_text(
        "JSON = dict\nTier = str | int\n_Private = str\nField = Annotated[str, 1]\nlimit = 1\n"
        "class Model: ...\nclass _Base: ...\ndef Function(): ...\n"
    )
    assert generator.public_names(module) == ["Model", "Tier"]
