"""Runs modules of CPython's own tests and tells how they ended."""
import importlib
import io
import json
import os
import re
import sys
import unittest

FOLDER = "/tmp/cpython"
# Tests that go as deep as the stack of a native CPython: WebAssembly's own ends before. By the names of their methods.
TOO_DEEP = re.compile(r"recursi|(deep|highly)_?(ly_)?(nest|recurs)|nested_limit|stack_overflow|deep_list|c_stack", re.IGNORECASE)


def unpack(text):
    for path, content in json.loads(text)["files"].items():
        whole = os.path.join(FOLDER, path)
        os.makedirs(os.path.dirname(whole), exist_ok=True)
        with open(whole, "w", encoding="latin-1", newline="") as file:
            file.write(content)
    sys.path.insert(0, FOLDER)


def tests_of(suite):
    for one in suite:
        if isinstance(one, unittest.TestSuite):
            yield from tests_of(one)
        else:
            yield one


def name_of(test):
    """Without the module `test` and the parameters of a subtest: a test that fails for several of them fails once."""
    return test.id().removeprefix("test.").split(" ")[0]


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
    tests = list(tests_of(suite))
    deep = [test for test in tests if TOO_DEEP.search(test.id().rsplit(".", 1)[-1])]
    runner = unittest.TextTestRunner(stream=io.StringIO(), verbosity=0, buffer=True)
    ended = runner.run(unittest.TestSuite(test for test in tests if test not in deep))
    failed = [test for test, _ in ended.failures + ended.errors] + ended.unexpectedSuccesses
    return {
        "ran": ended.testsRun - len(ended.skipped),
        "skipped": len(ended.skipped),
        "failed": sorted({name_of(test) for test in failed}),
        "leftOut": sorted({name_of(test) for test in deep}),
    }
