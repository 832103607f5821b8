"""Parquet files as pandas reads and writes them, in Python and numpy alone (https://parquet.apache.org/docs/file-format/)."""

from .engine import Engine

__all__ = ["Engine"]
