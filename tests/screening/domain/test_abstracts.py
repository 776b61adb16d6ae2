"""A structured abstract is split at its labels and loses no word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from screening.domain.abstracts import Section, abstract_sections


def test_labels_in_capitals_with_a_colon_begin_a_section():
    text = "BACKGROUND: Pain is common. METHODS AND MATERIALS: We asked 20 people.\nRESULTS: It fell."
    assert abstract_sections(text) == [
        Section("BACKGROUND", "Pain is common."),
        Section("METHODS AND MATERIALS", "We asked 20 people."),
        Section("RESULTS", "It fell."),
    ]


def test_a_text_without_labels_is_one_section():
    assert abstract_sections("We used PMMA: it works.") == [Section("", "We used PMMA: it works.")]


def test_text_before_the_first_label_is_kept():
    assert abstract_sections("A trial. AIM: To test.") == [
        Section("", "A trial."),
        Section("AIM", "To test."),
    ]


def test_a_blank_abstract_has_no_section():
    assert abstract_sections(" \n") == []


@given(st.text(alphabet="AB: .\nab", max_size=60))
def test_no_letter_is_lost(text):
    parts = [f"{part.label}: {part.text}" if part.label else part.text for part in abstract_sections(text)]
    assert [sign for sign in "".join(parts) if sign.isalnum()] == [sign for sign in text if sign.isalnum()]
