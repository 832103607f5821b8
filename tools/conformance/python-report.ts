import { readCPythonTests, runCPythonTests, runInPlainPyodide } from './cpython-tests.ts';

/** Why tests end otherwise here than in plain Pyodide. */
const REASONS: Readonly<Record<string, string>> = {
  'test_reprlib.ReprTests.test_custom_repr': 'standard input is answered in the card, so it is no TextIOWrapper',
  'test_plistlib.TestBinaryPlistlib.test_truncated_large_data': 'the limit of memory refuses what it asks for',
};

/** Modules that were tried and are not in the pack. */
const NOT_IN_PACK: Readonly<Record<string, string>> = {
  'dict, fstring, hashlib, htmlparser, math, minidom, statistics, tarfile, tokenize':
    'take longer than all others together',
  descr: "ends in WebAssembly's own stack, in plain Pyodide too",
  print: 'damages the interpreter by an error of CPython 3.13.2 that 3.13.3 mended',
  'argparse, bytes, class, code, compile, copyreg, decimal, dict_version, pickle, posixpath, traceback, types':
    'need modules that Pyodide does not have',
  builtin: 'ends plain Pyodide, so that there is nothing to compare with',
  'asyncgen, contextlib_async, queue': 'need sockets or threads',
};

const listOf = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));

/** docs/engines/python.md: CPython's own tests here and in Pyodide as its makers ship it. Throws where a difference has no reason. */
export async function pythonReport(): Promise<string> {
  const tests = readCPythonTests();
  const here = await runCPythonTests(tests);
  const plain = await runInPlainPyodide(tests);
  const notRun = here.filter((module) => module.notRun !== null);
  if (notRun.length > 0) throw new Error(`not run: ${JSON.stringify(notRun)}`);
  const notPlain = plain.filter((module) => module.notRun !== null).map(({ name }) => name.replace('test_', ''));
  const inPlain = new Set(plain.flatMap((module) => module.failed));
  const failed = here.flatMap((module) => module.failed);
  const ran = here.reduce((sum, module) => sum + module.ran, 0);
  const onlyHere = failed.filter((name) => !inPlain.has(name));
  const unexplained = onlyHere.filter((name) => REASONS[name] === undefined);
  if (unexplained.length > 0) throw new Error(`fail here only, without a reason: ${unexplained.join(', ')}`);
  const rows = failed.map((name) => `| ${name} | ${REASONS[name] ?? 'fails in plain Pyodide too'} |`);
  const onlyPlain = [...inPlain].filter((name) => !failed.includes(name));
  return `# CPython's own tests
Made by \`node --stack-size=4000 tools/conformance.ts\`. ${tests.modules.length} modules of the tests of CPython ${tests.version} (as in Debian's packages
libpython3.13-testsuite and libpython3.13-stdlib; PSF licence; packed in tests/fixtures/python/cpython-tests.br) through the whole
runner in a worker thread, from the saved heap, with 1 GB of memory, and in Pyodide as its makers ship it. What runs here is
CPython 3.13.2: tests of later corrections fail in both.

**${ran - failed.length} of ${ran} tests pass; of the ${failed.length} that fail, ${onlyHere.length} pass in plain Pyodide, and ${onlyPlain.length} that fail there pass here.**

## Failures
| test | reason |
| --- | --- |
${rows.join('\n')}

Fail in plain Pyodide only: ${listOf(onlyPlain)}

Cannot be run in plain Pyodide, which has neither SQLite nor dbm: ${listOf(notPlain)}

## Left out
Tests that go as deep as the stack of a native CPython: ${listOf(here.flatMap((module) => module.leftOut))}

| modules not in the pack | reason |
| --- | --- |
${Object.entries(NOT_IN_PACK)
  .map(([names, why]) => `| ${names} | ${why} |`)
  .join('\n')}

Others (processes, threads, sockets, terminals, the interpreter's own build, other platforms) were not tried.

## Modules
${tests.modules.map((name) => name.replace('test_', '')).join(', ')}
`;
}
