"""Runs a person's Python code in the box and reports what it printed, showed and wrote.

Pure Python, imported before the saved heap is made: nothing here may touch the host, numpy or the clock at import.
`connect` is called once after the interpreter was started or restored, `execute` once a run.
"""

from .describe import describe_file
from .runloop import connect, execute, validate
from .warm_up import warm_up

__all__ = ["connect", "describe_file", "execute", "validate", "warm_up"]
