"""Threads without a second one: started ones take turns, whenever somebody waits."""

import _thread
import _threading_local
import concurrent.futures
import concurrent.futures.thread
import itertools
import queue
import threading

from . import processes, turns

#: How far a queue may grow past its size for a thread of the background, which may never end.
_PAST_SIZE = 1000
_idents = itertools.count(1)
_main_ident = _thread.get_ident()


def _get_ident():
    thread = turns.current()
    return _main_ident if thread is None else thread._ident


def _start(self):
    if not self._initialized:
        raise RuntimeError("thread.__init__() not called")
    if self._started._flag:
        raise RuntimeError("threads can only be started once")
    self._ident = _main_ident + next(_idents)
    self._started.set()
    self._is_asked = False
    turns.add(self)


def _join(self, timeout=None):
    if not self._started._flag:
        raise RuntimeError("cannot join thread before it is started")
    if self is threading.current_thread():
        raise RuntimeError("cannot join current thread")
    turns.block(lambda: self._stage == "ended", timeout, self)


def _is_alive(self):
    if not self._started._flag:
        return False
    # Who asks a second time waits for it.
    if turns.is_pending(self):
        if self._is_asked:
            turns.run(self)
        self._is_asked = True
    return getattr(self, "_stage", "") != "ended"


class Lock:
    """A lock whose wait lets other threads run."""

    __slots__ = ("_inner", "locked", "release", "__weakref__")

    def __init__(self):
        self._inner = _thread.allocate_lock()
        self.locked = self._inner.locked
        self.release = self._inner.release

    def acquire(self, blocking=True, timeout=-1):
        if self._inner.acquire(False):
            return True
        if not blocking:
            return self._inner.acquire(blocking, timeout)
        if timeout < 0 and timeout != -1:
            raise ValueError("timeout value must be a non-negative number")
        turns.block(lambda: not self._inner.locked(), None if timeout == -1 else timeout)
        return self._inner.acquire(False)

    def __enter__(self):
        return self.acquire()

    def __exit__(self, *_):
        self.release()

    def _at_fork_reinit(self):
        self._inner._at_fork_reinit()


class RLock:
    """A lock that its owner may take again. No other thread cuts in but in a wait: plain fields do, and Stop leaves none half taken."""

    __slots__ = ("_owner", "_count", "__weakref__")

    def __init__(self):
        self._at_fork_reinit()

    def acquire(self, blocking=True, timeout=-1):
        me = _get_ident()
        if timeout < 0 and timeout != -1:
            raise ValueError("timeout value must be a non-negative number")
        if self._owner is not None and self._owner != me:
            if not blocking or not turns.block(lambda: self._owner is None, None if timeout == -1 else timeout):
                return False
        self._owner = me
        self._count += 1
        return True

    def release(self):
        if not self._is_owned():
            raise RuntimeError("cannot release un-acquired lock")
        self._count -= 1
        if self._count == 0:
            self._owner = None

    def __enter__(self):
        return self.acquire()

    def __exit__(self, *_):
        self.release()

    def __reduce__(self):
        raise TypeError("cannot pickle '_thread.RLock' object")

    def _is_owned(self):
        return self._owner == _get_ident()

    def _recursion_count(self):
        return self._count if self._is_owned() else 0

    def _release_save(self):
        saved, self._count, self._owner = self._count, 0, None
        return saved

    def _acquire_restore(self, saved):
        self.acquire()
        self._count = saved

    def _at_fork_reinit(self):
        self._owner = None
        self._count = 0


def _condition_wait(self, timeout=None):
    if not self._is_owned():
        raise RuntimeError("cannot wait on un-acquired lock")
    waiter = _thread.allocate_lock()
    waiter.acquire()
    self._waiters.append(waiter)
    saved = self._release_save()
    is_woken = False
    try:
        is_woken = turns.block(lambda: not waiter.locked(), timeout)
        return is_woken
    finally:
        self._acquire_restore(saved)
        if not is_woken and waiter in self._waiters:
            self._waiters.remove(waiter)


def _is_set(self):
    if not self._flag:
        turns.look()
    return self._flag


_original_put = queue.Queue.put


def _put(self, item, block=True, timeout=None):
    """A full queue takes more, as nobody can be waited for who is below on the stack."""
    if block and timeout is None and 0 < self.maxsize and turns.has_others():
        with self.not_full:
            size = self._qsize()
            thread = turns.current()
            most = self.maxsize + _PAST_SIZE if thread is not None and thread.daemon else size + 1
            if self.maxsize <= size < most and not self.is_shutdown:
                self._put(item)
                self.unfinished_tasks += 1
                self.not_empty.notify()
                return
    _original_put(self, item, block, timeout)


class InlineExecutor(processes.OneByOneExecutor):
    def __init__(self, max_workers=None, thread_name_prefix="", initializer=None, initargs=(), **_):
        super().__init__(max_workers, 1)
        if initializer:
            initializer(*initargs)


def install():
    threading.get_ident = _get_ident
    threading.local = _threading_local.local
    threading.Lock = Lock
    threading.RLock = RLock
    threading.Condition.wait = _condition_wait
    threading.Event.is_set = _is_set
    threading.Thread.start = _start
    threading.Thread.join = _join
    threading.Thread.is_alive = _is_alive
    queue.SimpleQueue = queue._PySimpleQueue
    queue.Queue.put = _put
    concurrent.futures.thread.ThreadPoolExecutor = InlineExecutor
    concurrent.futures.ThreadPoolExecutor = InlineExecutor
