"""Processes without a second one: those of `multiprocessing` and of pools run one after another in this Python.

A process has the program's names as they are when it begins and its own from there on: what it sets, and what it adds to lists,
sets and dictionaries of the program, is gone when it ends, as on Linux. What goes between processes is copied as pickle copies it.
"""

import concurrent.futures
import contextlib
import copy
import ctypes
import io
import itertools
import os
import pickle
import queue
import sys
import threading
import traceback
import types

from . import host, turns
from .frames import trim

_SAID = "Processes and workers of pools run one after another here, with the same results."
_has_said = False
_numbers = itertools.count(1)
_MAIN_NAME = "MainProcess"
#: The process that runs now; None is the program itself.
_running = []


def say():
    """Once an engine, and only of what the program itself asked for."""
    global _has_said
    if _has_said:
        return
    frame = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith("/lib/") and frame.f_globals.get("__package__") == __package__:
        frame = frame.f_back
    if frame is None or not frame.f_code.co_filename.startswith("/lib/"):
        _has_said = True
        host.notice(_SAID)


class _Shared:
    """Is the same one in every process."""


class _Pickler(pickle.Pickler):
    def __init__(self, file, kept):
        super().__init__(file)
        self._kept = kept

    def persistent_id(self, obj):
        if not isinstance(obj, _SHARED_TYPES):
            return None
        self._kept.append(obj)
        return len(self._kept) - 1


class _Unpickler(pickle.Unpickler):
    def __init__(self, file, kept):
        super().__init__(file)
        self._kept = kept

    def persistent_load(self, at):
        return self._kept[at]


def _sent(value):
    """The value as another process gets it."""
    file, kept = io.BytesIO(), []
    _Pickler(file, kept).dump(value)
    file.seek(0)
    return _Unpickler(file, kept).load()


def _copied(value):
    """The same for what a process has from its beginning, which pickle need not know."""
    try:
        return _sent(value)
    except (pickle.PicklingError, AttributeError, TypeError):
        return value


_PLAIN = (list, dict, set, bytearray)


class _Memory:
    """The names of `__main__` as one process has them."""

    def __init__(self, name):
        self.name = name
        self.pid = os.getpid() + next(_numbers)
        self._own = {}

    @contextlib.contextmanager
    def entered(self):
        names = sys.modules["__main__"].__dict__
        before = dict(names)
        contents = [(each, copy.copy(each)) for each in before.values() if type(each) in _PLAIN]
        names.update(self._own)
        _running.append(self)
        try:
            yield
        finally:
            _running.pop()
            self._own = {key: value for key, value in names.items() if key not in before or before[key] is not value}
            names.clear()
            names.update(before)
            for each, was in contents:
                _put_back(each, was)


def _put_back(each, was):
    if isinstance(each, (list, bytearray)):
        each[:] = was
    else:
        each.clear()
        each.update(was)


class _Worker:
    """What pools of both kinds do with one task."""

    def __init__(self, is_process, initializer, initargs, name):
        self._memory = _Memory(name) if is_process else None
        if initializer is not None:
            self._call(initializer, initargs, {})

    def _call(self, function, args, kwargs):
        if self._memory is None:
            return function(*args, **kwargs)
        with self._memory.entered():
            return function(*args, **kwargs)

    def do(self, function, args, kwargs):
        if self._memory is None:
            return self._call(function, args, kwargs)
        function, args, kwargs = _sent((function, args, kwargs))
        return _sent(self._call(function, args, kwargs))


class OneByOneExecutor(concurrent.futures.Executor):
    """What a pool is asked for is done when it is asked for; `_do` says how."""

    def __init__(self, max_workers, standard_workers):
        if max_workers is not None and max_workers <= 0:
            raise ValueError("max_workers must be greater than 0")
        say()
        self._max_workers = max_workers or standard_workers
        self._closed = False

    def _do(self, function, args, kwargs):
        return function(*args, **kwargs)

    def submit(self, fn, /, *args, **kwargs):
        if self._closed:
            raise RuntimeError("cannot schedule new futures after shutdown")
        future = concurrent.futures.Future()
        future.set_running_or_notify_cancel()
        try:
            future.set_result(self._do(fn, args, kwargs))
        except Exception as error:
            future.set_exception(error)
        return future

    def shutdown(self, wait=True, *, cancel_futures=False):
        self._closed = True


class ProcessPoolExecutor(OneByOneExecutor):
    def __init__(self, max_workers=None, mp_context=None, initializer=None, initargs=(), *, max_tasks_per_child=None):
        super().__init__(max_workers, os.cpu_count() or 1)
        self._worker = _Worker(True, initializer, initargs, "ForkProcess-1")

    def _do(self, function, args, kwargs):
        return self._worker.do(function, args, kwargs)

    def map(self, fn, *iterables, timeout=None, chunksize=1):
        if chunksize < 1:
            raise ValueError("chunksize must be >= 1.")
        return super().map(fn, *iterables, timeout=timeout)


class AsyncResult:
    def __init__(self, work, callback, error_callback):
        self._error = self._value = None
        try:
            self._value = work()
        except Exception as error:
            self._error = error
            if error_callback:
                error_callback(error)
        else:
            if callback:
                callback(self._value)

    def ready(self):
        return True

    def successful(self):
        return self._error is None

    def wait(self, timeout=None):
        pass

    def get(self, timeout=None):
        if self._error is not None:
            raise self._error
        return self._value


class _Results:
    """What `imap` gives: one by one, each when it is asked for."""

    def __init__(self, results):
        self._results = results

    def __iter__(self):
        return self

    def __next__(self, timeout=None):
        return next(self._results)

    next = __next__


class Pool:
    _is_process = True

    def __init__(self, processes=None, initializer=None, initargs=(), maxtasksperchild=None, context=None):
        if processes is not None and processes < 1:
            raise ValueError("Number of processes must be at least 1")
        if initializer is not None and not callable(initializer):
            raise TypeError("initializer must be a callable")
        say()
        self._processes = processes or os.cpu_count() or 1
        self._is_open = True
        self._worker = _Worker(self._is_process, initializer, initargs, "ForkPoolWorker-1")

    def _check(self):
        if not self._is_open:
            raise ValueError("Pool not running")

    def _do(self, function, args=(), kwargs=None):
        return self._worker.do(function, args, kwargs or {})

    def _later(self, work, callback, error_callback):
        self._check()
        return AsyncResult(work, callback, error_callback)

    def apply(self, func, args=(), kwds=None):
        self._check()
        return self._do(func, args, kwds)

    def apply_async(self, func, args=(), kwds=None, callback=None, error_callback=None):
        return self._later(lambda: self._do(func, args, kwds), callback, error_callback)

    def map(self, func, iterable, chunksize=None):
        return self.map_async(func, iterable).get()

    def map_async(self, func, iterable, chunksize=None, callback=None, error_callback=None):
        tasks = list(iterable)
        return self._later(lambda: [self._do(func, (task,)) for task in tasks], callback, error_callback)

    def starmap(self, func, iterable, chunksize=None):
        return self.starmap_async(func, iterable).get()

    def starmap_async(self, func, iterable, chunksize=None, callback=None, error_callback=None):
        tasks = list(iterable)
        return self._later(lambda: [self._do(func, tuple(task)) for task in tasks], callback, error_callback)

    def imap(self, func, iterable, chunksize=1):
        self._check()
        return _Results(self._do(func, (task,)) for task in list(iterable))

    imap_unordered = imap

    def close(self):
        self._is_open = False

    terminate = close

    def join(self):
        if self._is_open:
            raise ValueError("Pool is still running")

    def __enter__(self):
        self._check()
        return self

    def __exit__(self, *_):
        self.terminate()


class ThreadPool(Pool):
    _is_process = False

    def __init__(self, processes=None, initializer=None, initargs=()):
        super().__init__(processes, initializer, initargs)


class Process:
    """Runs when somebody waits for it, or at the end of the cell."""

    _start_method = "fork"

    def __init__(self, group=None, target=None, name=None, args=(), kwargs=None, *, daemon=None):
        if group is not None:
            raise AssertionError("group argument must be None for now")
        self._target, self._args, self._kwargs = target, tuple(args), dict(kwargs or {})
        self.name = name or f"Process-{next(_process_numbers)}"
        self.daemon = bool(daemon)
        self._thread = None
        self._code = None
        self._memory = None
        self._parent_pid = _pid()

    def run(self):
        if self._target:
            self._target(*self._args, **self._kwargs)

    def start(self):
        if self._thread is not None:
            raise AssertionError("cannot start a process twice")
        say()
        self._memory = _Memory(self.name)
        self._thread = threading.Thread(target=self._live, name=self.name, daemon=self.daemon)
        self._thread.start()

    def _live(self):
        self._code = 1
        try:
            # What a process sets on itself is its own as well.
            child = copy.copy(self)
            child._args, child._kwargs = _copied((self._args, self._kwargs))
            with self._memory.entered():
                child.run()
            self._code = 0
        except turns.Ended:
            self._code = -15
            raise
        except SystemExit as stop:
            self._code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
        except Exception as error:
            trim(error)
            sys.stderr.write(f"Process {self.name}:\n" + "".join(traceback.format_exception(error)))

    def join(self, timeout=None):
        if self._thread is None:
            raise AssertionError("can only join a started process")
        self._thread.join(timeout)

    def is_alive(self):
        return self._thread is not None and self._thread.is_alive()

    def terminate(self):
        if self._thread is not None and turns.is_pending(self._thread):
            turns._drop(self._thread)
            self._thread._stage = "ended"
            self._code = -15

    kill = terminate

    def close(self):
        if self.is_alive():
            raise ValueError("Cannot close a process while it is still running. You should first call join() or terminate().")

    @property
    def exitcode(self):
        return None if self._thread is None or turns.is_pending(self._thread) else self._code

    @property
    def pid(self):
        return None if self._memory is None else self._memory.pid

    ident = pid

    def __repr__(self):
        state = "initial" if self._thread is None else "started" if self._code is None else f"stopped exitcode={self._code}"
        return f"<{type(self).__name__} name={self.name!r} {state}>"


_process_numbers = itertools.count(1)


class _Current:
    """What current_process() gives."""

    daemon = False
    exitcode = None

    def __init__(self, memory):
        self.name = _MAIN_NAME if memory is None else memory.name
        self.pid = self.ident = os.getpid() if memory is None else memory.pid
        numbers = "".join(letter for letter in self.name if letter.isdigit())
        self._identity = (int(numbers),) if numbers else ()

    def is_alive(self):
        return True


def _pid():
    return _running[-1].pid if _running else _original_getpid()


_original_getpid = os.getpid


class Queue(queue.Queue, _Shared):
    def put(self, obj, block=True, timeout=None):
        super().put(_sent(obj), block, timeout)

    def close(self):
        pass

    join_thread = cancel_join_thread = close


class SimpleQueue(Queue):
    pass


class _Connection(_Shared):
    def __init__(self, incoming, outgoing):
        self._incoming, self._outgoing = incoming, outgoing
        self._next = []
        self.closed = False

    def send(self, obj):
        self._outgoing.put(_sent(obj))

    send_bytes = send

    def recv(self):
        return self._next.pop() if self._next else self._incoming.get()

    recv_bytes = recv

    def poll(self, timeout=0.0):
        if not self._next:
            with contextlib.suppress(queue.Empty):
                self._next.append(self._incoming.get(timeout is None or timeout > 0, timeout))
        return bool(self._next)

    def close(self):
        self.closed = True

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def Pipe(duplex=True):
    there, back = queue.Queue(), queue.Queue()
    return _Connection(back, there), _Connection(there, back)


class _Locked(_Shared):
    _lock = None

    def get_lock(self):
        return self._lock

    def get_obj(self):
        return self._value

    def acquire(self, *args, **kwargs):
        return self._lock.acquire(*args, **kwargs)

    def release(self):
        self._lock.release()

    def __enter__(self):
        return self._lock.__enter__()

    def __exit__(self, *how):
        return self._lock.__exit__(*how)


_TYPES = dict(zip("cbBhHiIlLqQfdu", "c_char c_byte c_ubyte c_short c_ushort c_int c_uint c_longlong c_ulonglong c_longlong c_ulonglong c_float c_double c_wchar".split()))


def _type(code):
    return getattr(ctypes, _TYPES[code]) if isinstance(code, str) else code


class _Value(_Locked):
    def __init__(self, code, *args, lock=True):
        self._value = _type(code)(*args)
        self._lock = threading.RLock() if lock in (True, False, None) else lock

    @property
    def value(self):
        return self._value.value

    @value.setter
    def value(self, value):
        self._value.value = value


class _Array(_Locked):
    def __init__(self, code, size_or_items, *, lock=True):
        kind = _type(code)
        if isinstance(size_or_items, int):
            self._value = (kind * size_or_items)()
        else:
            items = list(size_or_items)
            self._value = (kind * len(items))(*items)
        self._lock = threading.RLock() if lock in (True, False, None) else lock

    def __len__(self):
        return len(self._value)

    def __getitem__(self, at):
        return self._value[at]

    def __setitem__(self, at, value):
        self._value[at] = value

    def __iter__(self):
        return iter(self._value)


class _SharedList(list, _Shared):
    def __reduce__(self):
        return list, (list(self),)


class _SharedDict(dict, _Shared):
    def __reduce__(self):
        return dict, (dict(self),)


class _Namespace(types.SimpleNamespace, _Shared):
    pass


class Manager:
    def __init__(self, *_, **__):
        say()

    list = _SharedList
    dict = _SharedDict
    Namespace = _Namespace
    Queue = JoinableQueue = Queue
    Value = _Value
    Array = _Array
    Pool = Pool

    def Lock(self):
        return threading.Lock()

    def RLock(self):
        return threading.RLock()

    def Event(self):
        return threading.Event()

    def Condition(self, lock=None):
        return threading.Condition(lock)

    def Semaphore(self, value=1):
        return threading.Semaphore(value)

    def BoundedSemaphore(self, value=1):
        return threading.BoundedSemaphore(value)

    def Barrier(self, parties, action=None, timeout=None):
        return threading.Barrier(parties, action, timeout)

    def start(self, *_):
        pass

    def shutdown(self):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


#: Not a list or dictionary of a manager inside another value's class: those are told apart by `_Shared`.
_SHARED_TYPES = (
    _Shared,
    type(threading._allocate_lock()),
    threading.Event,
    threading.Condition,
    threading.Semaphore,
    threading.Barrier,
    queue.Queue,
)


class _Context:
    """What get_context() gives: the same, whatever way of starting is named."""

    def __init__(self, module, method):
        self._module, self._method = module, method

    def get_start_method(self, allow_none=False):
        return self._method

    def __getattr__(self, name):
        return getattr(self._module, name)


def patch(module):
    """Of `multiprocessing`, once it is imported."""
    global _SHARED_TYPES
    from . import threads

    _SHARED_TYPES = (*_SHARED_TYPES, threads.Lock, threads.RLock)
    method = "fork"

    def set_start_method(name, force=False):
        nonlocal method
        if name not in (None, "fork", "spawn", "forkserver"):
            raise ValueError(f"cannot find context for {name!r}")
        method = name or "fork"

    def get_context(name=None):
        if name not in (None, "fork", "spawn", "forkserver"):
            raise ValueError(f"cannot find context for {name!r}")
        return _Context(module, name or method)

    given = {
        "Pool": Pool,
        "Process": Process,
        "Queue": Queue,
        "JoinableQueue": Queue,
        "SimpleQueue": SimpleQueue,
        "Pipe": Pipe,
        "Manager": Manager,
        "Value": _Value,
        "RawValue": _Value,
        "Array": _Array,
        "RawArray": _Array,
        "Lock": threading.Lock,
        "RLock": threading.RLock,
        "Condition": threading.Condition,
        "Semaphore": threading.Semaphore,
        "BoundedSemaphore": threading.BoundedSemaphore,
        "Event": threading.Event,
        "Barrier": threading.Barrier,
        "cpu_count": lambda: os.cpu_count() or 1,
        "current_process": lambda: _Current(_running[-1] if _running else None),
        "parent_process": lambda: _Current(None) if _running else None,
        "active_children": list,
        "set_start_method": set_start_method,
        "get_start_method": lambda allow_none=False: method,
        "get_all_start_methods": lambda: ["fork", "spawn", "forkserver"],
        "get_context": get_context,
        "freeze_support": lambda: None,
    }
    module.__dict__.update(given)
    _stand_in(module, "pool", Pool=Pool, ThreadPool=ThreadPool, AsyncResult=AsyncResult, ApplyResult=AsyncResult, MapResult=AsyncResult)
    _stand_in(module, "queues", Queue=Queue, JoinableQueue=Queue, SimpleQueue=SimpleQueue, Empty=queue.Empty, Full=queue.Full)
    _stand_in(module, "managers", BaseManager=Manager, SyncManager=Manager)
    _stand_in(module, "connection", Pipe=Pipe, Connection=_Connection)
    _stand_in(module, "synchronize", **{name: given[name] for name in "Lock RLock Condition Semaphore BoundedSemaphore Event Barrier".split()})
    _stand_in(module, "sharedctypes", **{name: given[name] for name in "Value RawValue Array RawArray".split()})


def _stand_in(parent, name, **contents):
    module = types.ModuleType(f"{parent.__name__}.{name}")
    module.__dict__.update(contents)
    sys.modules[module.__name__] = module
    setattr(parent, name, module)


def install():
    os.getpid = _pid
    executors = types.ModuleType("concurrent.futures.process")
    executors.ProcessPoolExecutor = ProcessPoolExecutor
    executors.BrokenProcessPool = type("BrokenProcessPool", (concurrent.futures.BrokenExecutor,), {"__module__": executors.__name__})
    ProcessPoolExecutor.__module__ = executors.__name__
    sys.modules[executors.__name__] = concurrent.futures.process = executors
    concurrent.futures.ProcessPoolExecutor = ProcessPoolExecutor
