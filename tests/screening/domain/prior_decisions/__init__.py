"""Tests of the readers of decisions that were made elsewhere."""
