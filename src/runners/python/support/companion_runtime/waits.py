"""Waiting that Stop can end: time.sleep, input, getpass."""

import builtins
import getpass as getpass_module
import io
import operator
import sys
import time

from . import host, turns
from .suspend import raise_if_stopped, wait_for

_original_open = io.open


def sleep(seconds, /):
    # As time.sleep does: a float or a whole number; text and decimals are refused.
    seconds = seconds if isinstance(seconds, float) else float(operator.index(seconds))
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    if seconds != seconds:
        raise ValueError("Invalid value NaN (not a number)")
    turns.sleep(seconds)


def ask(prompt, secret):
    """The next line without its newline; None at the end of the input."""
    way = host.functions.waits
    given = host.functions.nextGiven()
    if given is not None:
        return None if given is False else str(given)
    if way == "shared":
        answer = host.functions.ask(prompt, bool(secret))
        raise_if_stopped()
    elif way == "promise":
        answer = wait_for(host.functions.askPromise(prompt, bool(secret)))
        if answer is True:
            raise KeyboardInterrupt
    else:
        host.notice("This browser has no way to wait for an answer: input() is at its end.")
        return None
    if answer is None or answer is False:
        return None
    answer = str(answer)
    host.functions.write(1, "\n" if secret else answer + "\n")
    return answer


def _input(prompt="", /):
    prompt = str(prompt)
    stdin = sys.stdin
    if prompt:
        sys.stdout.write(prompt)
    sys.stdout.flush()
    line = stdin._ask(prompt) if hasattr(stdin, "_ask") and not stdin._left else stdin.readline()
    if line == "":
        raise EOFError("EOF when reading a line")
    return line[:-1] if line.endswith("\n") else line


def _getpass(prompt="Password: ", stream=None, *, echo_char=None):
    (stream or sys.stdout).write(prompt)
    stdin = sys.stdin
    line = stdin._ask(prompt, True) if hasattr(stdin, "_ask") else stdin.readline()
    if line == "":
        raise EOFError("EOF when reading a line")
    return line.rstrip("\n")


class _Files:
    """Where files go out by message: a program that writes faster than the host takes waits before its next file."""

    def open(self, file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None):
        if mode not in ("r", "rb") and host.functions.isBehind():
            _catch_up()
        return _original_open(file, mode, buffering, encoding, errors, newline, closefd, opener)


def _catch_up():
    from _pyodide_core import can_run_sync

    # Not where JavaScript called it.
    if can_run_sync() and wait_for(host.functions.catchUpPromise()):
        raise KeyboardInterrupt


def install():
    if host.functions.waits == "promise":
        # Bound: what a class keeps must not become its method.
        builtins.open = io.open = _Files().open
    time.sleep = sleep
    builtins.input = _input
    getpass_module.getpass = _getpass
