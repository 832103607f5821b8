"""Runs a module of CPython's own tests and tells how it ended. Needs TESTS, the text of the packed tests."""
import importlib
import io
import json
import os
import re
import sys
import unittest

FOLDER = "/tmp/cpython"
# Tests that go as deep as the stack of a native CPython: WebAssembly's own ends before.
TOO_DEEP = re.compile("recurs|deep|stack_overflow|nested_limit", re.IGNORECASE)


def unpack(text):
    for path, content in json.loads(text)["files"].items():
        whole = os.path.join(FOLDER, path)
        os.makedirs(os.path.dirname(whole), exist_ok=True)
        with open(whole, "w", encoding="latin-1", newline="") as file:
            file.write(content)
    sys.path.insert(0, FOLDER)


def without_deep(suite):
    for one in suite:
        if isinstance(one, unittest.TestSuite):
            yield from without_deep(one)
        elif not TOO_DEEP.search(one.id()):
            yield one


def failed_tests(name):
    """Names of the tests that fail, how many ran and how many were skipped; or why the module cannot be run."""
    from test import support

    support.verbose = 0
    os.makedirs("/tmp/at", exist_ok=True)
    os.chdir("/tmp/at")
    try:
        suite = unittest.defaultTestLoader.loadTestsFromModule(importlib.import_module("test." + name))
    except (ImportError, unittest.SkipTest) as why:
        return {"notRun": str(why)}
    runner = unittest.TextTestRunner(stream=io.StringIO(), verbosity=0, buffer=True)
    ended = runner.run(unittest.TestSuite(without_deep(suite)))
    failed = [test.id() for test, _ in ended.failures + ended.errors] + [test.id() for test in ended.unexpectedSuccesses]
    return {
        "ran": ended.testsRun - len(ended.skipped),
        "skipped": len(ended.skipped),
        "failed": sorted({one.removeprefix("test.") for one in failed}),
    }
