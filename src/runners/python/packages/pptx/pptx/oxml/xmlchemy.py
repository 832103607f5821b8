"""Elements made by name."""

from . import OxmlElement  # noqa: F401
