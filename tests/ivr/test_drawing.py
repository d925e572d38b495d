"""The picture of the call flow is drawn from the data that answers the calls."""

from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from django.core.management import call_command

from ivr import menu
from ivr.drawing import draw

KEPT = Path(__file__).parents[2] / "docs" / "pictures" / "telephone-menu.svg"


def test_every_node_and_every_key_is_in_the_picture():
    told = {text.text or "" for text in fromstring(draw()).iter("{http://www.w3.org/2000/svg}text")}

    assert set(menu.NODES) <= told
    for node in menu.NODES.values():
        for key, to in node.keys.items():
            assert any(line.split("→")[0].strip().find(key) >= 0 for line in told if "→" in line), (node.name, key, to)


def test_a_node_that_is_added_is_drawn(monkeypatch):
    monkeypatch.setitem(menu.NODES, "new", menu.Node(name="new", prompt="way", keys={"0": menu.WAIT}))

    assert ">new<" in draw()


def test_the_picture_in_the_documentation_is_the_flow_as_it_is():
    assert KEPT.read_text(encoding="utf-8") == draw(), (
        "draw it anew: ./run ivr-map --to docs/pictures/telephone-menu.svg"
    )


def test_the_command_writes_a_file_or_says_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    call_command("ivr_map", to=str(tmp_path / "map.svg"))
    assert (tmp_path / "map.svg").read_text(encoding="utf-8").startswith("<svg")

    capsys.readouterr()
    call_command("ivr_map")
    assert capsys.readouterr().out.startswith("<svg")
