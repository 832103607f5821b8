import { LUA_LEFT_OUT, readLuaTests, runLuaTests } from './lua-tests.ts';
import { passesInNode } from './node-wasi.ts';
import type { Verdict } from './verdict.ts';
import { readWasiTests, runWasiTests } from './wasi-tests.ts';

/** Why a failure is no fault that somebody will mend, by what its message says. First match counts. */
const LUA_REASONS: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/__gc is not available/u, 'finalizers are refused: no limit holds inside of them'],
  [/'dump'/u, 'compiled chunks are refused: they can break the interpreter'],
  [
    /nil value \(field '(?:sethook|gethook|getlocal|getupvalue|setupvalue|upvaluejoin|setmetatable|setuservalue)'\)|assertion failed/u,
    'the debug library only looks; what reaches into other functions is not there',
  ],
];
const WASI_REASON = 'links do not exist in the workspace, so that no path leads out of it';

const percent = (part: number, whole: number): string => `${((part / whole) * 100).toFixed(1)} %`;
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function listOf(verdicts: readonly Verdict[], reason: (problem: string) => string): string {
  const rows = verdicts.flatMap(({ name, problem }) =>
    problem === null ? [] : [`| ${name} | ${cell(problem)} | ${reason(problem)} |`],
  );
  return ['| test | ends with | reason |', '| --- | --- | --- |', ...rows].join('\n');
}

export async function luaReport(): Promise<string> {
  const tests = readLuaTests();
  const verdicts = await runLuaTests(tests);
  const passed = verdicts.filter(({ problem }) => problem === null);
  const reason = (problem: string): string => LUA_REASONS.find(([pattern]) => pattern.test(problem))?.[1] ?? 'unknown';
  const leftOut = Object.entries(LUA_LEFT_OUT).map(([name, why]) => `- ${name}: ${why}`);
  return `# Lua's own tests
Made by \`node tools/conformance.ts\`. The tests of Lua 5.4.4 (lua/lua, commit ${tests.commit}, MIT licence; packed in
tests/fixtures/lua/testes.br), each file run by itself in "user mode" through the whole runner, in a worker thread.

**${passed.length} of ${verdicts.length} files pass (${percent(passed.length, verdicts.length)}).** A file that fails stops at its first failure; how far it came is said.

## Failures
${listOf(verdicts, reason)}

## Passed
${passed.map(({ name }) => name).join(', ')}

## Not run
${leftOut.join('\n')}
`;
}

export async function wasiReport(): Promise<string> {
  const { commit, tests } = readWasiTests();
  const verdicts = await runWasiTests(tests);
  const inNode = new Set<string>();
  for (const test of tests) if (await passesInNode(test)) inNode.add(test.name);
  const passed = verdicts.filter(({ problem }) => problem === null);
  const onlyHere = passed.filter(({ name }) => !inNode.has(name)).map(({ name }) => name);
  const onlyNode = verdicts.filter(({ name, problem }) => problem !== null && inNode.has(name)).map(({ name }) => name);
  const named = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));
  return `# The WASI test suite
Made by \`node tools/conformance.ts\`. WebAssembly/wasi-testsuite, branch prod/testsuite-base, commit ${commit} (Apache License
2.0 with LLVM exception; packed in tests/fixtures/wasi/testsuite.br without names and debug information), all programs for
preview 1, through the whole runner in a worker thread.

**${passed.length} of ${verdicts.length} programs pass (${percent(passed.length, verdicts.length)}); Node ${process.versions.node}'s own WASI passes ${inNode.size}.**

- pass here and not in Node: ${named(onlyHere)}
- pass in Node and not here: ${named(onlyNode)}

## Failures
${listOf(verdicts, () => WASI_REASON)}
`;
}
