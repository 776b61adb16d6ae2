"""The example review, entered through the same services that people use."""
