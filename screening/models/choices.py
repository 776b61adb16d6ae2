"""What the domain's enums are called on the screen."""

from django.utils.translation import gettext_lazy as _

from screening.domain.vocabulary import AgreementRule, Stage, Status, UnsurePolicy, Verdict

STAGE_CHOICES = [
    (Stage.TITLE_ABSTRACT.value, _("Title and abstract")),
    (Stage.FULL_TEXT.value, _("Full text")),
]
VERDICT_CHOICES = [
    (Verdict.INCLUDE.value, _("Include")),
    (Verdict.EXCLUDE.value, _("Exclude")),
    (Verdict.UNSURE.value, _("Maybe")),
]
FINAL_VERDICT_CHOICES = VERDICT_CHOICES[:2]
UNSURE_CHOICES = [
    (UnsurePolicy.ADVANCE.value, _("“Maybe” counts as include")),
    (UnsurePolicy.DISCUSS.value, _("“Maybe” opens a conflict")),
    (UnsurePolicy.NEUTRAL.value, _("“Maybe” asks for another decision")),
]
RULE_CHOICES = [
    (AgreementRule.UNANIMOUS.value, _("All agree")),
    (AgreementRule.MAJORITY.value, _("The majority decides")),
    (AgreementRule.ANY_INCLUDE.value, _("Any include advances")),
]
STATUS_CHOICES = [
    (Status.AWAITING.value, _("Awaiting decisions")),
    (Status.CONFLICT.value, _("In conflict")),
    (Status.REASON_CONFLICT.value, _("Reasons differ")),
    (Status.INCLUDED.value, _("Included")),
    (Status.EXCLUDED.value, _("Excluded")),
    (Status.AWAITING_RETRIEVAL.value, _("Awaiting full text")),
    (Status.NOT_RETRIEVED.value, _("Not retrieved")),
]
