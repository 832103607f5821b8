"""Threads run one after another: this Python has only one. Each does its work when it is started."""

import concurrent.futures
import concurrent.futures.thread
import threading


def _start(self):
    if not self._initialized:
        raise RuntimeError("thread.__init__() not called")
    if self._started.is_set():
        raise RuntimeError("threads can only be started once")
    self._started.set()
    if self.daemon and isinstance(self, threading.Timer):
        return
    try:
        self.run()
    except SystemExit:
        pass
    except Exception:
        threading.excepthook(threading.ExceptHookArgs([*__import__("sys").exc_info(), self]))
    finally:
        _ended.add(self)


def _join(self, timeout=None):
    if not self._started.is_set():
        raise RuntimeError("cannot join thread before it is started")


_ended = __import__("weakref").WeakSet()


class InlineExecutor(concurrent.futures.Executor):
    def __init__(self, max_workers=None, thread_name_prefix="", initializer=None, initargs=(), **_):
        if max_workers is not None and max_workers <= 0:
            raise ValueError("max_workers must be greater than 0")
        self._max_workers = max_workers or 1
        self._closed = False
        if initializer:
            initializer(*initargs)

    def submit(self, fn, /, *args, **kwargs):
        if self._closed:
            raise RuntimeError("cannot schedule new futures after shutdown")
        future = concurrent.futures.Future()
        future.set_running_or_notify_cancel()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future

    def shutdown(self, wait=True, *, cancel_futures=False):
        self._closed = True


def install():
    threading.Thread.start = _start
    threading.Thread.join = _join
    threading.Thread.is_alive = lambda self: self._started.is_set() and self not in _ended and self is not threading.main_thread() or self is threading.main_thread()
    concurrent.futures.thread.ThreadPoolExecutor = InlineExecutor
    concurrent.futures.ThreadPoolExecutor = InlineExecutor
