"""Sign-up is closed: people join by invitation."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Refuse self-registration."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
