"""Errors as Python prints them, with the person's lines and without ours."""

import errno
import traceback

from . import magics, network, packages
from .frames import trim

_MOST_CHARACTERS = 200_000


def _cell_position(error):
    if isinstance(error, SyntaxError) and (error.filename or "").startswith("<cell"):
        return error.lineno, error.offset
    line = column = None
    entry = error.__traceback__
    while entry is not None:
        if entry.tb_frame.f_code.co_filename.startswith("<cell"):
            line = entry.tb_lineno
            positions = list(entry.tb_frame.f_code.co_positions())
            at = entry.tb_lasti // 2
            column = positions[at][2] + 1 if 0 <= at < len(positions) and positions[at][2] is not None else None
        entry = entry.tb_next
    return line, column


def _message(error):
    try:
        text = error.msg if isinstance(error, SyntaxError) and error.msg else str(error)
    except BaseException:
        return "<the error's own text could not be made>"
    return text.strip().split("\n", 1)[0][:2000]


def _chain(error):
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _missing(error):
    """The module that an import did not find; libraries raise errors of their own from that one."""
    if not isinstance(error, ImportError):
        return None
    return next((link.name for link in _chain(error) if isinstance(link, ImportError) and link.name), None)


def _is_beyond_addresses(error):
    """Whether more than 2 GiB were asked for at once: an address has 32 bits here, and Python and numpy refuse by other errors."""
    if isinstance(error, OverflowError):
        return "into an index-sized integer" in str(error)
    return isinstance(error, ValueError) and str(error).startswith(("array is too big", "Maximum allowed dimension exceeded"))


def _code_and_suggestions(error):
    if isinstance(error, MemoryError) or _is_beyond_addresses(error):
        return "python/memory", []
    if isinstance(error, SyntaxError) and _cell_position(error)[0] is not None and error.__traceback__ is None:
        return "python/syntax-error", []
    for link in _chain(error):
        if network.is_refusal(link):
            return "python/network-off", []
    missing = _missing(error)
    if missing:
        found = packages.advice(missing)
        if found is not None:
            return "python/package-unavailable", found
    if isinstance(error, OSError) and error.errno == errno.ENOTSUP and "does not support processes" in str(error):
        return "python/exception", [f"There is no shell and no other process in Python here. {magics.INSTEAD}"]
    if isinstance(error, EOFError):
        return "python/input-closed" if "EOF when reading a line" in str(error) else "python/exception", []
    return "python/exception", []


def program_error(error, code=None):
    """The outcome's `error` for an exception that ended a cell."""
    trim(error)
    line, column = _cell_position(error)
    found, suggestions = _code_and_suggestions(error)
    return {
        "code": code or found,
        "title": type(error).__name__[:200],
        "message": _message(error),
        "traceback": _format(error),
        "line": line if isinstance(line, int) and line > 0 else None,
        "column": column if isinstance(column, int) and column > 0 else None,
        "suggestions": suggestions,
    }


def _format(error):
    try:
        text = "".join(traceback.format_exception(error))
        told = packages.sentence(_missing(error) or "")
        if told:
            text += told + "\n"
    except BaseException:
        text = f"{type(error).__name__}: {_message(error)}\n"
    return text if len(text) <= _MOST_CHARACTERS else text[: _MOST_CHARACTERS // 2] + "\n…\n" + text[-_MOST_CHARACTERS // 2 :]
