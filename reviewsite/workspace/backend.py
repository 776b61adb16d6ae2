"""Who may be signed in at all."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings


class EmailBackend(AuthenticationBackend):  # type: ignore[misc]
    """Sign people in by e-mail; sign out at once who is deactivated, and demo accounts outside demo mode."""

    def user_can_authenticate(self, user: Any) -> bool:
        is_active: bool = super().user_can_authenticate(user)
        return is_active and (settings.DEMO_MODE or not user.is_demo)
