"""Colours, fills and lines."""
