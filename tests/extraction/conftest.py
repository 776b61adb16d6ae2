"""A review with a published form and one study with two arms."""

from __future__ import annotations

import pytest

from extraction.models import FormVersion, Study
from reviewsite.workspace.models import Review, User
from tests.extraction.builders import make_form, make_protocol, make_study


@pytest.fixture
def version(review: Review, owner: User) -> FormVersion:
    return make_form(review, owner)


@pytest.fixture
def study(review: Review, owner: User, extractor_a: User, version: FormVersion) -> Study:
    make_protocol(review, owner)
    return make_study(review, extractor_a, owner)
