"""The one place that holds the functions the worker lends to Python."""

import json

#: The worker's functions (see src/runners/python/worker/bridge.ts); None until `connect`.
functions = None

#: What the worker told at connect: {"packages": {...}, "mountPath": "/mnt/data", …}.
facts = {}


class LimitReached(BaseException):
    """Unwinds a program that passed a limit; not an Exception, so that `except Exception` lets it through."""


def connect(lent, facts_json):
    global functions, facts
    functions = lent
    facts = json.loads(facts_json)


def emit(kind, **fields):
    """Sends one event of the run; raises LimitReached when the worker refuses more."""
    fields["kind"] = kind
    refused = functions.emit(json.dumps(fields, ensure_ascii=True, allow_nan=False, default=str))
    if refused:
        raise LimitReached(refused)


def notice(text):
    emit("notice", text=text)


class uninterrupted:
    """Holds Stop back while our own bookkeeping runs; the interrupt arrives at the end of the block."""

    def __enter__(self):
        functions.mask(True)

    def __exit__(self, *_):
        functions.mask(False)
        return False
