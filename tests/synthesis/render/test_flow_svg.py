"""The flow diagram as SVG: well formed, complete, accessible, safe and the same every time."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from synthesis.domain.prisma import BOXES, Flow, Line, Pending, Template
from synthesis.render.flow_svg import render
from synthesis.render.flow_theme import THEMES
from tests.synthesis.render.flow_examples import FLOWS, databases_only, example

SVG = "{http://www.w3.org/2000/svg}"
ALL_LINKS = {box.key: f"/reviews/demo/flow/{box.key}/?as_of=now&x=1" for box in BOXES}
EACH_FLOW = pytest.mark.parametrize("flow", list(FLOWS.values()), ids=list(FLOWS))


def parse(flow: Flow, **options: object) -> ET.Element:
    return ET.fromstring(render(flow, **options))  # type: ignore[arg-type]


def words(root: ET.Element) -> str:
    return " ".join(element.text or "" for element in root.iter(f"{SVG}text")).replace("\u00a0", " ")


def box(root: ET.Element, key: str) -> ET.Element:
    return next(element for element in root.iter() if element.get("id") == f"box-{key}")


@EACH_FLOW
def test_the_figure_is_well_formed_with_and_without_links(flow: Flow) -> None:
    for links in (None, ALL_LINKS):
        root = parse(flow, links=links)
        ids = [element.get("id") for element in root.iter() if element.get("id")]
        assert len(ids) == len(set(ids))


@EACH_FLOW
def test_the_figure_has_no_style_attribute_and_no_script(flow: Flow) -> None:
    root = parse(flow, links=ALL_LINKS)
    assert [e.tag for e in root.iter() if "style" in e.attrib] == []
    assert {e.tag.removeprefix(SVG) for e in root.iter()} <= {
        "svg", "title", "desc", "g", "a", "rect", "text", "polyline", "polygon",
    }  # fmt: skip


@EACH_FLOW
def test_the_same_flow_gives_the_same_bytes(flow: Flow) -> None:
    assert render(flow, links=ALL_LINKS) == render(flow, links=ALL_LINKS)


def test_the_figure_has_its_final_size_in_points() -> None:
    root = parse(example(), width_mm=180)
    width, height = map(float, root.attrib["viewBox"].split()[2:])
    assert root.get("width") == "180mm"
    assert width == pytest.approx(180 / 25.4 * 72, abs=0.01)
    assert float(root.attrib["height"].removesuffix("mm")) == pytest.approx(height / 72 * 25.4, abs=0.01)
    assert root.get("font-size") == "7.5"


def test_the_example_shows_each_of_its_numbers() -> None:
    text = words(parse(example()))
    for number in (243, 114, 129, 73, 56, 36, 150, 2, 152, 85, 87):
        assert f"(n = {number})" in text


def test_what_is_not_reported_is_said_and_not_zero() -> None:
    root = parse(example())
    assert box(root, "dbr_notretrieved_reports").get("aria-label") == "Reports not retrieved (not reported)"
    assert "(n = 0)" not in words(root)


def test_a_reported_zero_is_shown() -> None:
    assert "Registers (n = 0)" in words(parse(databases_only()))


def test_optional_lines_that_are_not_reported_are_left_out() -> None:
    text = words(parse(example()))
    assert "Registers" not in text
    assert "automation" not in text


def test_unlisted_groups_are_a_line_of_their_own() -> None:
    label = str(box(parse(example()), "excluded_other").get("aria-label"))
    assert label.endswith("(n = 114); of these 114 not listed in the tool; inferred")


def test_exclusions_without_reasons_say_so() -> None:
    label = box(parse(example()), "dbr_excluded").get("aria-label")
    assert label == "Reports excluded (n = 36); Reasons not given"


def test_open_work_is_amber_dashed_and_dated() -> None:
    flow = replace(databases_only(), pending=Pending(screening=40))
    root = parse(flow, as_of="3 May 2025")
    dashed = [e for e in root.iter(f"{SVG}rect") if e.get("class") == "flow-pending"]
    assert [e.get("stroke-dasharray") for e in dashed] == ["3 2"]
    assert "Interim: records awaiting a title and abstract outcome (n = 40)" in words(root)
    assert "Interim figure, as of 3 May 2025." in words(root)


def test_a_final_figure_says_nothing_of_interim() -> None:
    assert "nterim" not in render(databases_only(), as_of="3 May 2025")


def test_records_excluded_by_automation_have_a_footnote() -> None:
    flow = replace(databases_only(), records_excluded_human=1000, records_excluded_automation=25)
    text = words(parse(flow))
    assert "Records excluded** (n = 1,025)" in text
    assert "** Excluded by people (n = 1,000), by automation tools (n = 25)." in text


def test_a_box_of_one_number_is_one_link() -> None:
    root = parse(example(), links={"records_screened": "/flow/records_screened/?a=1&b=2"})
    link = box(root, "records_screened")
    assert (link.tag, link.get("href")) == (f"{SVG}a", "/flow/records_screened/?a=1&b=2")
    assert link.get("aria-label") == "Records screened (n = 129)"
    assert len(list(root.iter(f"{SVG}a"))) == 1


def test_a_box_of_several_numbers_has_a_link_for_each() -> None:
    root = parse(example(), links=ALL_LINKS)
    assert box(root, "new_studies").get("aria-label") == "Studies included in review (n = 87)"
    assert box(root, "new_reports").get("href") == ALL_LINKS["new_reports"]
    links = list(root.iter(f"{SVG}a"))
    assert not any(list(link.iter(f"{SVG}a"))[1:] for link in links)


def test_a_box_of_several_numbers_can_be_one_link() -> None:
    root = parse(example(), links=ALL_LINKS | {"new_studies-group": "/included/"})
    link = box(root, "new_studies-group")
    assert (link.tag, link.get("href")) == (f"{SVG}a", "/included/")
    assert len(list(link.iter(f"{SVG}a"))) == 1


def test_the_description_tells_the_whole_flow_in_reading_order() -> None:
    desc = parse(example()).findtext(f"{SVG}desc") or ""
    assert desc.startswith("PRISMA 2020 flow diagram. Records identified from: Databases (n = 243).")
    assert desc.index("Reports excluded (n = 36)") < desc.index("Health technology assessment (n = 150)")
    assert desc.endswith("Studies included in review (n = 87); Reports of included studies (n = 87).")


def test_labels_are_escaped() -> None:
    flow = replace(databases_only(), dbr_excluded=(Line('<script>&"x"', 88),))
    source = render(flow, title='A & "B" <c>')
    assert "<script" not in source
    assert '<script>&"x" (n = 88)' in words(ET.fromstring(source))


def test_control_characters_in_a_label_do_not_break_the_figure() -> None:
    flow = replace(databases_only(), dbr_excluded=(Line("Wrong\x0b\x00 design\n", 88),))
    assert "Wrong design (n = 88)" in words(parse(flow))


@pytest.mark.parametrize(
    ("template", "present", "absent"),
    [
        (Template.T1, "Identification of studies via databases", "New studies included"),
        (Template.T3, "New studies included in review", "Identification of studies via"),
    ],
)
def test_updates_use_the_wording_of_updates(template: Template, present: str, absent: str) -> None:
    text = words(parse(replace(databases_only(), template=template)))
    assert present in text
    assert absent not in text


@pytest.mark.parametrize(("lang", "number"), [("en", "1,162"), ("de", "1.162"), ("fr", "1 162")])
def test_thousands_are_separated_as_the_language_does(lang: str, number: str) -> None:
    assert f"(n = {number})" in words(parse(databases_only(), lang=lang))


def test_every_word_passes_through_the_translation() -> None:
    root = parse(databases_only(), translate=lambda text: "~" + text, width_mm=180)
    starts = {line for line in words(root).split() if line[0].isupper()}
    assert starts == {"Wrong"}


@pytest.mark.parametrize("theme", list(THEMES))
def test_each_theme_draws_on_white(theme: str) -> None:
    paper = next(iter(parse(example(), theme=theme).iter(f"{SVG}rect")))
    assert (paper.get("class"), paper.get("fill")) == ("flow-paper", "#ffffff")


def test_an_unknown_theme_is_refused() -> None:
    with pytest.raises(ValueError, match="no theme"):
        render(example(), theme="sepia")


def test_footnotes_follow_below_the_figure() -> None:
    text = words(parse(example(), notes=["The 114 records are a residual."]))
    assert text.endswith("The 114 records are a residual.")
