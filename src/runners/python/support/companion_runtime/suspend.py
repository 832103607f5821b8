"""How this Python stands still: for a promise of JavaScript, or for a while that Stop can end."""

import sys
import time
from asyncio import events, tasks

from . import host

_now = time.monotonic
_browser_loop = None


def install():
    global _browser_loop
    from pyodide.webloop import WebLoop

    _browser_loop = WebLoop()


class left_loop:
    """Steps out of the running loop, so that another one (or the same one again) can run inside it."""

    def __enter__(self):
        self.loop = events._get_running_loop()
        self.task = None
        if self.loop is not None:
            self.task = tasks.current_task(self.loop)
            if self.task is not None:
                tasks._leave_task(self.loop, self.task)
            events._set_running_loop(None)
            self.hooks = sys.get_asyncgen_hooks()

    def __exit__(self, *_):
        if self.loop is not None:
            events._set_running_loop(self.loop)
            sys.set_asyncgen_hooks(*self.hooks)
            if self.task is not None:
                tasks._enter_task(self.loop, self.task)
        return False


def wait_for(lent):
    """Suspends this Python until `lent.promise` (of JavaScript) settles, and gives its value.

    Pyodide settles promises by callbacks of its own loop, the only one that the browser's events drive.
    """
    # The one that suspends; programs have ours.
    from _pyodide_core import run_sync as suspend

    with left_loop():
        events._set_running_loop(_browser_loop)
        try:
            return suspend(lent.promise)
        finally:
            events._set_running_loop(None)


def raise_if_stopped():
    if host.functions.takeInterrupt():
        raise KeyboardInterrupt


def pause(seconds):
    """Lets time pass, whoever is ready meanwhile; Stop ends it."""
    until = _now() + seconds
    while True:
        left = until - _now()
        if left <= 0:
            raise_if_stopped()
            return
        way = host.functions.waits
        if way == "shared":
            host.functions.sleep(left)
            raise_if_stopped()
        elif way == "promise":
            if wait_for(host.functions.sleepPromise(left)):
                raise KeyboardInterrupt
        # else: neither shared memory nor promises: this loop is the wait
