"""Whole numbers that a browser posts."""

from __future__ import annotations

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from reviewsite.workspace.posted import whole_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("17", 17),
        ("9" * 18, 10**18 - 1),
        ("9" * 19, -1),
        ("9" * 5000, -1),
        ("", -1),
        ("-1", -1),
        (" 1", -1),
        ("²", -1),
        ("٣", -1),
        ("1_0", -1),
    ],
)
def test_only_short_ascii_numbers_count(text: str, number: int) -> None:
    assert whole_number(text, -1) == number


@override_settings(DEMO_MODE=True)
@pytest.mark.django_db
def test_a_person_of_five_thousand_digits_is_not_found(client: Client) -> None:
    assert client.post(reverse("demo-login"), {"person": "9" * 5000}).status_code == 404
