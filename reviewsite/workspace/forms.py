"""Forms of the workspace; they check the shape, services check the rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.utils.translation import gettext_lazy as _

from reviewsite.workspace.domain.roles import Role
from reviewsite.workspace.models import User
from reviewsite.workspace.models.people import ROLE_LABELS

ROLE_MEANINGS = {
    Role.OWNER: _("settings, people, imports, full texts"),
    Role.ADMIN: _("settings, imports, full texts"),
    Role.REVIEWER: _("decides on records, blind"),
    Role.ADJUDICATOR: _("settles conflicts of others"),
    Role.EXTRACTOR: _("extracts studies"),
    Role.VIEWER: _("reads only"),
}


def role_choices() -> list[tuple[str, str]]:
    """Return each role with its name and what it is for."""
    return [(role.value, f"{ROLE_LABELS[role]}: {ROLE_MEANINGS[role]}") for role in Role]


class RolesField(forms.TypedMultipleChoiceField):
    """One or more roles."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=_("Roles"),
            choices=role_choices,
            coerce=Role,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Choose at least one role.")},
            **options,
        )


class RolesForm(forms.Form):
    """The roles of a member."""

    roles = RolesField()


class InvitationForm(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The person signs in with it. No mail is sent: you pass the link on."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    roles = RolesField()


class JoinForm(forms.Form):
    """What a new person tells about themselves."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("As the other members of the review shall see it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email
        self.fields["password"].help_text = password_validators_help_text_html()

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if password := cleaned.get("password"):
            try:
                validate_password(password, User(email=self.email, name=cleaned.get("name", "")))
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned


class ReviewForm(forms.Form):
    """What a new review needs; all else is set in its protocol."""

    title = forms.CharField(
        label=_("Title"), max_length=300, help_text=_("As in the protocol. You can change it later.")
    )
    slug = forms.SlugField(
        label=_("Address"),
        max_length=80,
        required=False,
        help_text=_("The last part of the review's web address; made from the title if you leave it empty."),
    )


class ProfileForm(forms.Form):
    """What a person changes about themselves."""

    name = forms.CharField(
        label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    has_shortcuts = forms.BooleanField(
        label=_("Single-key shortcuts"),
        required=False,
        help_text=_("For example I for include. Switch them off if you work with speech input."),
    )
