"""Tables of extraction: studies with their arms, forms, entries with values and measurements."""

from extraction.models.entries import Entry, Measurement, Value
from extraction.models.forms import Field, Form, FormVersion
from extraction.models.protocol import ArmGroup, FollowUpInterval, Outcome
from extraction.models.studies import Arm, Study, StudyReport

__all__ = [
    "Arm",
    "ArmGroup",
    "Entry",
    "Field",
    "FollowUpInterval",
    "Form",
    "FormVersion",
    "Measurement",
    "Outcome",
    "Study",
    "StudyReport",
    "Value",
]
