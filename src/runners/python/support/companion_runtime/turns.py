"""Whose turn it is: threads run one after another, each when somebody waits (decision 0093).

A thread that has begun cannot be put aside, so whoever waits runs the others inside its own wait. One that waits for
what only those below it could give is ended there.
"""

import contextvars
import functools
import math
import sys
import threading
import time

from . import host
from .frames import trim
from .suspend import pause

#: How long a thread of the background may go on while the one that waited for it could.
_PATIENCE_S = 1.0
_now = time.monotonic
#: Started, not begun, in order.
_pending = []
#: Begun: each runs inside a wait of the one before it, the first inside one of the program.
_running = []
#: What those below wait for, the program first.
_waits = []
#: Names of threads of the background that were ended since the program last waited.
_cut = []
#: Names of those whose waits ended otherwise than beside a program that goes on; told at the end of the cell.
_ended = []
_MOST_NAMES = 5


class Ended(SystemExit):
    """Unwinds a thread that nobody can wake any more; SystemExit ends a thread without a word."""


class _Wait:
    __slots__ = ("ready", "deadline", "ready_since")

    def __init__(self, ready, deadline):
        self.ready = ready
        self.deadline = deadline
        self.ready_since = None

    def is_late(self):
        return self.deadline is not None and _now() >= self.deadline

    def is_patient(self):
        """False once it could have gone on for a while."""
        if not self.ready():
            return not self.is_late()
        if self.ready_since is None:
            self.ready_since = _now()
        return _now() - self.ready_since < _PATIENCE_S


def _never():
    return False


def add(thread):
    """Of a started thread. Those of libraries that only watch (bars that redraw themselves) get a turn in `join` alone."""
    thread._stage = "pending"
    thread._due = _now() + thread.interval if isinstance(thread, threading.Timer) else None
    thread._vain = False
    thread._is_own = _is_own(thread)
    if thread._is_own or not thread.daemon:
        _pending.append(thread)
        threading._active[thread._ident] = thread


def _is_own(thread):
    """True where the program wrote what the thread does, False where an installed module did."""
    if type(thread) is threading.Timer:
        does = thread.function
    else:
        does = thread._target if type(thread).run is threading.Thread.run else type(thread)
    while isinstance(does, functools.partial):
        does = does.func
    module = getattr(does, "__module__", None) or type(getattr(does, "__self__", None)).__module__
    path = getattr(sys.modules.get(module), "__file__", None) or ""
    # time.sleep and the like are ours here, and built in elsewhere.
    return not path.startswith("/lib/") or module.startswith(__package__)


def current():
    return _running[-1] if _running else None


def is_pending(thread):
    return thread in _pending


def has_others():
    return bool(_running or _pending)


def run(thread):
    """From its beginning to its end, inside the wait of whoever is running."""
    if thread in _pending:
        _pending.remove(thread)
    if thread._due is not None:
        thread.interval = max(thread._due - _now(), 0)
    thread._stage = "running"
    _running.append(thread)
    try:
        contextvars.Context().run(thread.run)
    except SystemExit:
        pass
    except Exception as error:
        trim(error)
        threading.excepthook(threading.ExceptHookArgs([type(error), error, error.__traceback__, thread]))
    finally:
        _running.pop()
        thread._stage = "ended"
        threading._active.pop(thread._ident, None)


def block(ready, timeout=None, first=None):
    """Runs other threads, `first` before all, until `ready()`; False when `timeout` seconds pass before that."""
    if ready():
        return True
    if timeout is not None and timeout <= 0:
        return False
    me = current()
    if me is None:
        _note_cut(timeout is not None)
    elif me._vain and any(wait.ready() or wait.is_late() for wait in _waits):
        _end(me)
    deadline = None if timeout is None else _now() + timeout
    _waits.append(_Wait(ready, deadline))
    try:
        while not ready():
            if deadline is not None and _now() >= deadline:
                if me is not None:
                    _note_vain(me)
                return False
            if first is not None and first._stage == "pending" and not _is_after(first, deadline):
                run(first)
            elif (thread := _next(deadline)) is not None:
                run(thread)
            elif deadline is None:
                _give_up(me)
            else:
                _pause(me, deadline, _waits[:-1])
        if me is not None:
            me._vain = False
        return True
    finally:
        _waits.pop()


def sleep(seconds):
    """The program's sleep is a wait; a thread's is not: it may hold a lock that the others want."""
    me = current()
    if me is None and _pending and seconds > 0:
        block(_never, seconds)
    elif me is None:
        _note_cut(seconds > 0)
        pause(seconds)
    else:
        _pause(me, _now() + seconds, _waits)


def look():
    """A thread found an event unset: one that asks on and on is ended when somebody below it is due."""
    me = current()
    if me is not None and me._due is None and any(wait.is_late() for wait in _waits):
        _end(me)


def run_one():
    """True when there was a thread to run."""
    thread = _next(None)
    if thread is not None:
        run(thread)
    return thread is not None


def finish():
    """The end of a cell: threads run to their ends, those of the background to their first wait."""
    if not _pending and not _ended:
        return
    while any(not thread.daemon for thread in _pending):
        block(lambda: all(thread.daemon for thread in _pending))
    _waits.append(_Wait(_never, _now()))
    try:
        while _pending:
            thread = _pending[0]
            if thread._due is None or thread._due <= _now():
                run(thread)
            else:
                _drop(thread)
    finally:
        _waits.pop()
        _cut.clear()
        _tell_ended()


def before_run():
    """What a stopped run left is gone."""
    while _pending:
        _drop(_pending[0])
    for left in (_running, _waits, _cut, _ended):
        left.clear()


def _drop(thread):
    _pending.remove(thread)
    threading._active.pop(thread._ident, None)


def _is_after(thread, deadline):
    return thread._due is not None and deadline is not None and thread._due > deadline


def _next(deadline):
    """In the order of start, the background last; a short wait leaves those of libraries alone."""
    chosen = None
    for thread in _pending:
        if _is_after(thread, deadline) or deadline is not None and not thread._is_own:
            continue
        if chosen is None or _rank(thread) < _rank(chosen):
            chosen = thread
    return chosen


def _rank(thread):
    return (thread.daemon, thread._due or 0)


def _pause(me, deadline, below):
    """Lets time pass. A thread of the background is ended when somebody below it is due."""
    if me is not None and me.daemon:
        due = min((wait.deadline for wait in below if wait.deadline is not None), default=math.inf)
        if due < deadline or not all(wait.is_patient() for wait in below):
            pause(max(min(due, deadline) - _now(), 0))
            _cut.append(me.name)
            raise Ended
    pause(max(deadline - _now(), 0))


def _give_up(me):
    if me is not None and any(wait.ready() or wait.is_late() for wait in _waits[:-1]):
        _end(me)
    if me is not None and any(wait.deadline is not None for wait in _waits[:-1]):
        # Who sleeps below could still give it, and cannot while this thread is above.
        if me.daemon:
            _cut.append(me.name)
        _end(me)
    if me is None:
        _note_cut(True)
    name = "The program" if me is None else me.name
    raise RuntimeError(f"{name} waits for something that no other thread can give any more: threads run one after another here")


def _end(thread):
    if not thread.daemon:
        _note(thread.name)
    raise Ended


def _note(name):
    if name not in _ended:
        _ended.append(name)


def _note_vain(thread):
    thread._vain = True
    if thread._due is None and any(wait.ready() or wait.is_late() for wait in _waits[:-1]):
        _note(thread.name)


def _note_cut(is_timed):
    """Who was ended in the background and would still run now, if it ran beside the program."""
    if is_timed:
        for name in _cut:
            _note(name)
        _cut.clear()


def _tell_ended():
    if _ended:
        names = ", ".join(_ended[:_MOST_NAMES])
        more = "" if len(_ended) <= _MOST_NAMES else f" and {len(_ended) - _MOST_NAMES} more"
        host.notice(f"Threads run one after another here, so these ended early, when the program had to go on: {names}{more}.")
        _ended.clear()
