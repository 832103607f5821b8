"""What stands on a slide."""
