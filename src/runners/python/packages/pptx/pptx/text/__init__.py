"""Text in shapes."""
