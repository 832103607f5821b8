"""asyncio without a browser behind it.

No code here can reach a socket or a child process, so an event loop only passes time: one that blocks in our own
stoppable sleep behaves as CPython's does, needs no promise integration, and lets asyncio.run work in a running loop.
"""

import asyncio
import functools
import heapq
from asyncio import base_events, events, tasks

from . import host, suspend, turns, waits
from .suspend import left_loop

_original_run = asyncio.run
_original_runner_run = asyncio.Runner.run
_original_create_task = asyncio.create_task
#: How long a cell goes on for tasks that it did not wait for.
_LEFT_S = 5
_NO_JAVASCRIPT = (
    "run_sync cannot wait for a promise of JavaScript: none is settled while a program runs here."
    " It waits for coroutines, tasks and futures of Python."
)


class _Clock:
    """Takes the selector's place: there is nothing to watch but time."""

    def select(self, timeout):
        if timeout is None:
            if turns.run_one():
                return []
            raise RuntimeError("asyncio: every task waits for something that can no longer happen")
        if timeout > 0:
            waits.sleep(timeout)
        return []

    def close(self):
        pass


class Loop(base_events.BaseEventLoop):
    def __init__(self):
        super().__init__()
        self._selector = _Clock()

    def _process_events(self, event_list):
        pass

    def _write_to_self(self):
        pass

    def run_until_complete(self, future):
        is_own = not asyncio.isfuture(future)
        future = tasks.ensure_future(future, loop=self)
        try:
            return self._run_until(future)
        except BaseException:
            if is_own:
                self._end(future)
            raise

    def _end(self, task):
        """Nobody waits for it any more: what stands behind its wait must not run in a later cell."""
        task._log_destroy_pending = False
        task.cancel()
        with left_loop():
            events._set_running_loop(self)
            try:
                while self._ready and not task.done():
                    self._run_once()
            finally:
                events._set_running_loop(None)
        if task.done() and not task.cancelled():
            # Looked at: else it is said to have been lost.
            task.exception()

    def _run_until(self, future):
        if not self.is_running():
            with left_loop():
                return super().run_until_complete(future)
        with left_loop():
            events._set_running_loop(self)
            try:
                while not future.done():
                    self._run_once()
            finally:
                events._set_running_loop(None)
        return future.result()

    def run_left(self, seconds, known):
        """Runs tasks other than the `known` until they are done, or nothing can happen within `seconds`; how many are left."""
        until = self.time() + seconds
        with left_loop():
            events._set_running_loop(self)
            try:
                while tasks.all_tasks(self) - known and self.time() < until:
                    self._drop_cancelled()
                    if not self._ready and (not self._scheduled or self._scheduled[0].when() > until):
                        break
                    self._run_once()
            finally:
                events._set_running_loop(None)
        return len(tasks.all_tasks(self) - known)

    def _drop_cancelled(self):
        """What timers stand first and were cancelled: they are nothing to wait for."""
        while self._scheduled and self._scheduled[0].cancelled():
            heapq.heappop(self._scheduled)._scheduled = False
            self._timer_cancelled_count -= 1

    def run_in_executor(self, executor, func, *args):
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:
            future.set_exception(error)
        return future

    def add_signal_handler(self, sig, callback, *args):
        raise NotImplementedError

    async def shutdown_default_executor(self, timeout=None):
        pass


class _Policy(events.BaseDefaultEventLoopPolicy):
    _loop_factory = Loop


@functools.wraps(_original_run)
def run(main, *, debug=None, loop_factory=None):
    try:
        with left_loop():
            return _original_run(main, debug=debug, loop_factory=loop_factory)
    finally:
        # It leaves none behind; a notebook has one.
        current()


@functools.wraps(_original_runner_run)
def _runner_run(self, coro, *, context=None):
    with left_loop():
        return _original_runner_run(self, coro, context=context)


@functools.wraps(_original_create_task)
def create_task(coro, **options):
    """Outside of a coroutine too, as in a notebook."""
    if events._get_running_loop() is None:
        return current().create_task(coro, **options)
    return _original_create_task(coro, **options)


def current():
    """The session's own loop, kept between runs, where the program set no other."""
    global _own_loop
    loop = asyncio.get_event_loop_policy()._local._loop
    if loop is None or loop.is_closed():
        if _own_loop is None or _own_loop.is_closed():
            _own_loop = Loop()
        loop = _own_loop
        asyncio.set_event_loop(loop)
    return loop


def run_sync(awaitable, /):
    """Takes the place of Pyodide's, which waits for callbacks of the browser, where Stop does not reach: waits on our loops."""
    from pyodide.ffi import JsProxy

    if isinstance(awaitable, JsProxy):
        raise RuntimeError(_NO_JAVASCRIPT)
    if asyncio.isfuture(awaitable):
        return awaitable.get_loop().run_until_complete(awaitable)
    # Within a coroutine it shares that one's loop: what the two wait for together belongs to it.
    return (events._get_running_loop() or current()).run_until_complete(awaitable)


def can_run_sync():
    return True


_own_loop = None
_known = set()


def install():
    from pyodide import ffi

    suspend.install()
    ffi.run_sync = run_sync
    ffi.can_run_sync = can_run_sync
    events._set_running_loop(None)
    asyncio.set_event_loop_policy(_Policy())
    current()
    asyncio.run = run
    asyncio.Runner.run = _runner_run
    asyncio.runners.run = run
    asyncio.create_task = create_task
    tasks.create_task = create_task


def before_run():
    global _known
    events._set_running_loop(None)
    # What an earlier cell left holds up none of the later ones.
    _known = tasks.all_tasks(current())


def finish():
    """Tasks that the cell did not wait for have some time; those that need more go on in a later cell."""
    loop = current()
    left = loop.run_left(_LEFT_S, _known) if isinstance(loop, Loop) else 0
    if left == 1:
        host.notice("1 asyncio task is not done yet: it goes on when a later run awaits something.")
    elif left:
        host.notice(f"{left} asyncio tasks are not done yet: they go on when a later run awaits something.")
