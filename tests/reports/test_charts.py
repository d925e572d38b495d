"""Charts: what they show can be read without colour, and nothing in them is trusted."""

from xml.etree import ElementTree as ET

import pytest

from contactcenter.reports import charts
from contactcenter.reports.charts import Series

SVG = "{http://www.w3.org/2000/svg}"


def drawn(svg: str) -> ET.Element:
    return ET.fromstring(svg)


def test_two_lines_differ_by_more_than_colour():
    svg = charts.lines(["a", "b"], [Series(name="un", values=[1, 2]), Series(name="deux", values=[2, 1])], title="t")

    lines = [path for path in drawn(svg).iter(f"{SVG}path") if "line" in path.get("class", "").split()]

    assert len({line.get("stroke-dasharray") for line in lines}) == 2


def test_a_gap_is_a_gap():
    svg = charts.lines(["a", "b", "c"], [Series(name="un", values=[1, None, 3])], title="t")

    line = next(path for path in drawn(svg).iter(f"{SVG}path") if "line" in path.get("class", "").split())

    assert line.get("d").count("M") == 2


def test_a_legend_that_is_too_long_for_one_row_goes_on_in_the_next():
    names = ["par un agent", "rappelés", "raccrochés", "raccrochés aussitôt", "message laissé", "attendent encore"]
    svg = charts.columns(["a"], [Series(name=name, values=[1]) for name in names], title="t")

    said = {text.text: text for text in drawn(svg).iter(f"{SVG}text") if text.text in names}

    assert len(said) == 6
    assert all(float(text.get("x")) + 6 * len(name) < charts.WIDTH for name, text in said.items())
    assert float(said[names[5]].get("y")) > float(said[names[0]].get("y"))
    assert float(said[names[5]].get("y")) < float(drawn(svg).get("viewBox").split()[3])


def test_columns_stand_on_each_other():
    svg = charts.columns(["a"], [Series(name="un", values=[3]), Series(name="deux", values=[1])], title="t")

    first, second, *_legend = drawn(svg).iter(f"{SVG}rect")

    assert float(second.get("y")) + float(second.get("height")) == pytest.approx(float(first.get("y")), abs=0.2)
    assert float(first.get("height")) == pytest.approx(3 * float(second.get("height")), rel=0.02)


def test_what_others_wrote_is_only_text():
    svg = charts.lines(['<script>"x"'], [Series(name="a & b <i>", values=[1])], title='"><script>')

    assert "<script>" not in svg
    assert drawn(svg).get("aria-label") == '"><script>'


@pytest.mark.parametrize("values", [[], [0], [0.0004], [1e9], [None]])
def test_any_numbers_are_drawn(values):
    labels = [str(number) for number in range(len(values))]

    assert drawn(charts.lines(labels, [Series(name="un", values=values)], title="t")) is not None
    assert drawn(charts.columns(labels, [Series(name="un", values=values)], title="t")) is not None
