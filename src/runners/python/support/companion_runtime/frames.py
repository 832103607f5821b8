"""Which frames of a traceback are the person's."""

import os
import types

_OURS = os.path.dirname(os.path.abspath(__file__)) + os.sep
_MOST_FRAMES = 1_000


def _is_ours(frame):
    return frame.f_code.co_filename.startswith(_OURS) or frame.f_code.co_filename == "<frozen importlib._bootstrap>"


def _with_a_line(entry):
    """Stop that comes between two parts of a cell finds the first instruction, which has no line: the part's first line."""
    if entry.tb_lineno == 0:
        for at, (line, *_) in enumerate(entry.tb_frame.f_code.co_positions()):
            if line:
                # An instruction is two bytes long.
                return types.TracebackType(None, entry.tb_frame, 2 * at, line)
    return entry


def _trim(error, seen):
    """Drops our frames before the person's first and after the last; also in the chain of causes."""
    if error is None or id(error) in seen:
        return
    seen.add(id(error))
    kept = []
    entry = error.__traceback__
    while entry is not None:
        if not _is_ours(entry.tb_frame):
            kept.append(_with_a_line(entry))
        entry = entry.tb_next
        if len(kept) > 2 * _MOST_FRAMES:
            # A million frames would take minutes to print: the outermost and the innermost tell the story.
            del kept[_MOST_FRAMES:-1]
    for this, following in zip(kept, [*kept[1:], None]):
        this.tb_next = following
    error.__traceback__ = kept[0] if kept else None
    _trim(error.__cause__, seen)
    _trim(error.__context__, seen)
    for inner in getattr(error, "exceptions", ()):
        _trim(inner, seen)


def trim(error):
    """Leaves the person's frames, and those of libraries."""
    try:
        _trim(error, set())
    except BaseException:
        # A traceback with our frames in it is still a traceback.
        pass
