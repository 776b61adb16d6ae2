"""Who may do what: the table of roles."""

from __future__ import annotations

import pytest

from reviewsite.workspace.domain.roles import Capability, Role, capabilities_of

MAY = {
    Role.OWNER: "view export configure manage_people import retrieve",
    Role.ADMIN: "view export configure import retrieve",
    Role.REVIEWER: "view export screen retrieve",
    Role.ADJUDICATOR: "view export adjudicate",
    Role.EXTRACTOR: "view export extract",
    Role.VIEWER: "view",
}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_has_exactly_these_capabilities(role: Role) -> None:
    assert capabilities_of([role]) == {Capability(name) for name in MAY[role].split()}


def test_several_roles_add_up() -> None:
    both = capabilities_of([Role.REVIEWER, Role.EXTRACTOR])
    assert both == {Capability(name) for name in "view export screen retrieve extract".split()}


def test_no_role_allows_nothing() -> None:
    assert capabilities_of([]) == frozenset()


def test_owning_a_review_does_not_allow_screening_it() -> None:
    assert Capability.SCREEN not in capabilities_of([Role.OWNER, Role.ADMIN])
