"""Evidence cannot be edited or deleted, and the audit feed has no gap."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from reviewsite.workspace.domain.roles import Role
from reviewsite.workspace.models import AuditEvent, Membership, Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.people import deactivate_member, invite, set_roles


def run(sql: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_python_refuses_to_save_a_row_again(owner: User, review: Review) -> None:
    row = Membership.objects.get()
    row.role = Role.VIEWER
    with pytest.raises(TypeError, match="Evidence is never edited"):
        row.save()


def test_python_refuses_to_delete_a_row(review: Review) -> None:
    with pytest.raises(TypeError, match="Evidence is never deleted"):
        Membership.objects.get().delete()


def test_python_refuses_to_update_or_delete_many(review: Review) -> None:
    with pytest.raises(TypeError, match="Evidence is never edited"):
        Membership.objects.update(role=Role.VIEWER)
    with pytest.raises(TypeError, match="Evidence is never deleted"):
        Membership.objects.all().delete()


def test_the_database_refuses_to_change_a_role(review: Review) -> None:
    with pytest.raises(IntegrityError, match="is evidence"):
        run("UPDATE workspace_membership SET role = 'viewer'")
    assert Membership.objects.get().role == Role.OWNER


def test_the_database_refuses_to_reopen_a_row(owner: User, review: Review, reviewer_a: User) -> None:
    deactivate_member(user=owner, review=review, member=reviewer_a)
    with pytest.raises(IntegrityError, match="is evidence"):
        run("UPDATE workspace_membership SET superseded_at = NULL WHERE user_id = %s", reviewer_a.pk)


def test_the_database_lets_an_open_row_be_closed(owner: User, review: Review, reviewer_a: User) -> None:
    run(
        "UPDATE workspace_membership SET superseded_at = %s, superseded_by_id = %s WHERE user_id = %s",
        timezone.now(),
        owner.pk,
        reviewer_a.pk,
    )
    assert not Membership.objects.get(user=reviewer_a).is_open


def test_the_audit_feed_refuses_every_change(review: Review) -> None:
    with pytest.raises(TypeError, match="append-only"):
        AuditEvent.objects.update(action="nothing")
    with pytest.raises(TypeError, match="append-only"):
        AuditEvent.objects.all().delete()
    with pytest.raises(IntegrityError, match="is evidence"):
        run("UPDATE workspace_auditevent SET action = 'nothing'")


def test_closing_a_row_twice_keeps_the_first_closing(owner: User, review: Review, reviewer_a: User) -> None:
    row = Membership.objects.get(user=reviewer_a)
    row.supersede(user=owner)
    first = row.superseded_at
    row.supersede(user=reviewer_a)
    assert (row.superseded_at, row.superseded_by) == (first, owner)


def test_a_past_moment_can_be_asked_for(owner: User, review: Review, reviewer_a: User) -> None:
    before = timezone.now()
    set_roles(user=owner, review=review, member=reviewer_a, roles=[Role.VIEWER])
    then = Membership.objects.filter(user=reviewer_a).as_of(before)
    assert [row.role for row in then] == [Role.REVIEWER]


def test_the_audit_sequence_has_no_gap(owner: User, review: Review, reviewer_a: User) -> None:
    with pytest.raises(Refused):
        deactivate_member(user=owner, review=review, member=owner)
    invite(user=owner, review=review, email="viewer@example.org", roles=[Role.VIEWER])
    deactivate_member(user=owner, review=review, member=reviewer_a)
    events = AuditEvent.objects.filter(review=review).values_list("sequence", "action")
    assert list(events) == [(1, "open_review"), (2, "set_roles"), (3, "invite"), (4, "deactivate_member")]


def invite_and_break(owner: User, review: Review) -> None:
    with transaction.atomic():
        invite(user=owner, review=review, email="viewer@example.org", roles=[Role.VIEWER])
        raise RuntimeError


def test_what_is_rolled_back_leaves_no_audit_line(owner: User, review: Review) -> None:
    with pytest.raises(RuntimeError):
        invite_and_break(owner, review)
    assert AuditEvent.objects.get(review=review).sequence == 1
