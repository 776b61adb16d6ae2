"""The one exception that carries a sentence to the user."""


class Refused(Exception):
    """A rule forbids the request; `str(error)` is a sentence that says what, why and what to do."""
