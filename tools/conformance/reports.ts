import { LUA_LEFT_OUT, readLeftOutLines, readLuaTests, runLuaTests } from './lua-tests.ts';
import { passesInNode } from './node-wasi.ts';
import type { Verdict } from './verdict.ts';
import { readWasiTests, runWasiTests } from './wasi-tests.ts';

/** Why lines of Lua's tests are left out. */
const LUA_REASONS: Readonly<Record<string, string>> = {
  compiled: 'compiled chunks are refused: they can break the interpreter',
  finalizers: 'finalizers are refused: no limit holds inside of them',
  debug: 'the debug library only looks; what reaches into other functions is not there',
  buffers: 'what is written is in the tree at once, setvbuf changes nothing',
  follows: 'needs what a line above would have made',
};
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
  const lines = readLeftOutLines();
  const verdicts = await runLuaTests(tests, lines);
  const passed = verdicts.filter(({ problem }) => problem === null);
  const whole = passed.filter(({ name }) => !(name in lines));
  const linesOf = (name: string): number => (tests.files[name] ?? '').split('\n').length;
  const leftOutOf = (name: string): number => (lines[name] ?? []).reduce((sum, [from, to]) => sum + to - from + 1, 0);
  const all = verdicts.reduce((sum, { name }) => sum + linesOf(name), 0);
  const without = verdicts.reduce((sum, { name }) => sum + leftOutOf(name), 0);
  const rows = Object.entries(lines).flatMap(([name, ranges]) =>
    [...new Set(ranges.map(([, , reason]) => reason))].map((reason) => {
      const places = ranges.filter(([, , why]) => why === reason);
      const said = places.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
      return `| ${name} | ${said} | ${LUA_REASONS[reason] ?? reason} |`;
    }),
  );
  const notRun = Object.entries(LUA_LEFT_OUT).map(([name, why]) => `- ${name}: ${why}`);
  return `# Lua's own tests
Made by \`node tools/conformance.ts\`. The tests of Lua 5.4.4 (lua/lua, commit ${tests.commit}, MIT licence; packed in
tests/fixtures/lua/testes.br), each file run by itself in "user mode" through the whole runner, in a worker thread.

**${passed.length} of ${verdicts.length} files pass, ${whole.length} of them whole; of ${all} lines ${without} are left out (${percent(without, all)}), each for a reason below.**

## Failures
${listOf(verdicts, () => 'the file tests the debug library, which only looks here')}

## Lines left out
| file | lines | reason |
| --- | --- | --- |
${rows.join('\n')}

## Passed whole
${whole.map(({ name }) => name).join(', ')}

## Not run
${notRun.join('\n')}
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
