"""Tests find the recurring cast here."""

pytest_plugins = ["tests.cast"]
