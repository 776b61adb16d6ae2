"""What a person changes about themselves."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from reviewsite.workspace.models import User
from reviewsite.workspace.refused import Refused


def change_profile(*, user: User, name: str, has_shortcuts: bool) -> User:
    """Change the person's name and whether single keys act.

    Refused: another name for a demo account, which many people share.
    """
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        if locked.is_demo and name != locked.name:
            raise Refused(_("A demo account keeps its name, because many people share it."))
        locked.name, locked.has_shortcuts = name, has_shortcuts
        locked.save(update_fields=["name", "has_shortcuts"])
        return locked
