"""One run: compile, execute, show the last value, gather figures and files, say how it ended."""

import ast
import builtins
import gc
import inspect
import io
import json
import linecache
import os
import random
import sys
import tokenize
import traceback
import types

from . import (
    deep,
    displays,
    figures,
    fixes,
    fonts,
    host,
    locales,
    loops,
    magics,
    packages,
    processes,
    shims,
    streams,
    threads,
    tracebacks,
    turns,
    waits,
    wide,
)
from .host import LimitReached
from .warm_up import stop as stop_warm_up

_FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_NO_CODE = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
_runs = 0
_main = None


def connect(lent, facts_json):
    """Called once after start or restore, before anything of a person runs. Returns "" or what went wrong."""
    try:
        _connect(lent, facts_json)
    except BaseException:
        return "".join(traceback.format_exception(*sys.exc_info()))
    return ""


def _connect(lent, facts_json):
    global _main
    host.connect(lent, facts_json)
    _main = sys.modules["__main__"]
    if type(_main) is not types.ModuleType:
        _main = sys.modules["__main__"] = types.ModuleType("__main__")
    streams.install()
    waits.install()
    loops.install()
    threads.install()
    processes.install()
    locales.install()
    deep.install()
    shims.install()
    packages.install(host.facts.get("packages") or {})
    fixes.install()
    _reseed()
    mount = host.facts.get("mountPath", "/mnt/data")
    # Last, so that a file of the person never stands in for a module of Python or of ours.
    # Nor may the current folder, which is the same one, come first by another name.
    sys.path[:] = [folder for folder in sys.path if folder not in ("", ".", mount)] + [mount]
    sys.dont_write_bytecode = True
    os.environ.update(host.facts.get("env") or {})
    gc.freeze()


def _reseed():
    """A restored heap brings the same random state to everybody."""
    random.seed()
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()
    tempfile = sys.modules.get("tempfile")
    if tempfile is not None:
        tempfile._name_sequence = None


def validate(code):
    """JSON: null, or what the compiler said about `code`."""
    try:
        _compile(code, "<cell>")
    except (SyntaxError, ValueError) as error:
        return json.dumps(tracebacks.program_error(error, "python/syntax-error"))
    return "null"


def _parse(code, name):
    while True:
        try:
            return compile(code, name, "exec", ast.PyCF_ONLY_AST | _FLAGS, True), code
        except SyntaxError as error:
            rewritten = magics.rewrite(code, error.lineno)
            if rewritten is None:
                raise
        code = rewritten


def _compile(code, name):
    """(body, last) code objects; `last` is the last expression, None where the cell ends in a statement or `;`."""
    tree, text = _parse(code, name)
    tree = wide.widen(tree, text)
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr) and not _ends_quietly(text, tree.body[-1]):
        last = ast.Expression(tree.body.pop().value)
    packages.announce(tree if last is None else ast.Module([*tree.body, ast.Expr(last.body)], []))
    body_code = compile(tree, name, "exec", _FLAGS, True)
    last_code = None if last is None else compile(last, name, "eval", _FLAGS, True)
    return body_code, last_code


def _ends_quietly(text, last):
    """A `;` behind the last statement hides its value, as in IPython."""
    lines = io.StringIO(text, newline=None).readlines()[last.lineno - 1 :]
    # Columns of the syntax tree count bytes.
    lines[0] = lines[0].encode()[last.col_offset :].decode()
    is_quiet = False
    for token in tokenize.generate_tokens(iter(lines).__next__):
        if token.type not in _NO_CODE:
            is_quiet = token.string == ";"
    return is_quiet


def _evaluate(codes, namespace):
    """The value of the last one. Where one awaits, all run in one task: what the first begins, the next can wait for."""
    if any(code_object.co_flags & inspect.CO_COROUTINE for code_object in codes):
        return loops.current().run_until_complete(_evaluate_in_task(codes, namespace))
    value = None
    for code_object in codes:
        value = eval(code_object, namespace)
    return value


async def _evaluate_in_task(codes, namespace):
    value = None
    for code_object in codes:
        value = eval(code_object, namespace)
        if code_object.co_flags & inspect.CO_COROUTINE:
            value = await value
    return value


def execute(code):
    """Runs one cell to its end. Returns the JSON of its result; never raises but for what the interpreter cannot survive."""
    global _runs
    _runs += 1
    name = f"<cell {_runs}>"
    result = {"exitCode": 0, "result": None, "error": None, "limit": None}
    before = None
    _prepare(code, name)
    try:
        before = dict(_main.__dict__)
        host.functions.mask(False)
        try:
            try:
                try:
                    result["result"] = _run_cell(code, name)
                except MemoryError:
                    # Room comes first.
                    raise
                except (Exception, SystemExit):
                    _finish_after_error()
                    raise
                _finish()
                _show_rest()
            except SystemExit as stop:
                result["exitCode"] = _exit_code(stop)
                _show_rest()
        finally:
            host.functions.mask(True)
        figures.write_vectors()
    except LimitReached as limit:
        result["exitCode"] = 1
        result["limit"] = str(limit.args[0]) if limit.args else "run/output-too-large"
    except BaseException as error:
        host.functions.mask(True)
        result["exitCode"] = 130 if isinstance(error, KeyboardInterrupt) else 1
        result["error"] = tracebacks.program_error(error)
        is_memory = isinstance(error, MemoryError)
        error.__traceback__ = None
        del error
        if is_memory:
            _free_memory(before)
        elif not host.functions.isStopping():
            _show_after_error()
    before = None
    _tidy()
    return json.dumps(result)


def _run_cell(code, name):
    namespace = _main.__dict__
    body, last = _compile(code, name)
    if last is None:
        _evaluate([body], namespace)
        return None
    value = _evaluate([body, last], namespace)
    shown = displays.show_result(value)
    displays.keep_last(value)
    return shown


def _prepare(code, name):
    host.functions.mask(True)
    streams.install()
    loops.before_run()
    turns.before_run()
    sys.argv = ["main.py"]
    sys.displayhook = displays.show_result
    sys.last_exc = None
    mount = host.facts.get("mountPath", "/mnt/data")
    _main.__dict__["__file__"] = f"{mount}/{sys.argv[0]}"
    lines = [line + "\n" for line in code.split("\n")]
    # By both names: that of tracebacks, and the one that `inspect` looks for classes in.
    for each in (name, _main.__file__):
        linecache.cache[each] = (len(code), None, lines, each)
    _main.__dict__.setdefault("__builtins__", builtins)
    _main.__dict__["__name__"] = "__main__"
    figures.before_run()
    fonts.before_run()
    displays.before_run()
    try:
        os.getcwd()
    except OSError:
        os.chdir("/")
    if _runs == 1:
        stop_warm_up()
        os.chdir(mount)
    # Modules that the person rewrote since the last run must be seen; the finder's listing is as old as its last look.
    finder = sys.path_importer_cache.get(mount)
    if finder is not None:
        finder.invalidate_caches()


def _finish():
    """What the cell began and did not wait for."""
    loops.finish()
    turns.finish()


def _finish_after_error():
    """The cell's own end is what is told, whatever becomes of what it left; Stop and limits still end the run."""
    try:
        _finish()
    except (Exception, SystemExit):
        pass


def _exit_code(stop):
    code = stop.code
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    sys.stderr.write(f"{code}\n")
    return 1


def _show_rest():
    displays.show_updates()
    figures.show_open()
    fonts.after_run()


def _show_after_error():
    """Figures drawn before the failure are worth seeing; a second failure adds nothing."""
    try:
        _show_rest()
        figures.write_vectors()
    except BaseException:
        # The run already has its error; what failed here is only the extra.
        pass


def _free_memory(before):
    """After a MemoryError: keep the variables if there is room to work in, else drop what this run made."""
    displays.forget_last()
    gc.collect()
    try:
        bytearray(24 * 1024 * 1024)
        return
    except MemoryError:
        pass
    namespace = _main.__dict__
    dropped = [
        key for key in list(namespace) if not key.startswith("__") and (key not in (before or {}) or before[key] is not namespace[key])
    ]
    for key in dropped:
        if before and key in before:
            namespace[key] = before[key]
        else:
            del namespace[key]
    gc.collect()
    if dropped:
        host.notice("Memory was full: variables made in this run were dropped (" + ", ".join(sorted(dropped)[:10]) + ").")


def _tidy():
    host.functions.mask(True)
    for key in ("last_exc", "last_value", "last_traceback", "last_type"):
        sys.__dict__.pop(key, None)
    streams.flush()
