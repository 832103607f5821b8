"""Choices, by what they are of."""
