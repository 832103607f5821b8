import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Reporter, SerializedError, TestModule, Vitest } from 'vitest/node';

/** What came of some checks. */
export interface CheckCount {
  readonly passed: number;
  /** Tests, set-ups of groups and files, and errors that belong to no test. */
  readonly failed: number;
  readonly skipped: number;
  /** What failed, some lines each: said again at the end, where a long log is read. */
  readonly failures: readonly string[];
}

/** What came of a run of tests. */
export interface TestCount extends CheckCount {
  /** What passed only when it was tried once more, and what the first try said; each is a race in a test or in the product. */
  readonly secondTries: readonly string[];
}

/** Lines of an error that are repeated at the end. */
const FAILURE_LINES = 6;
/** Lines of its difference beside them: of a test that passed at its second try nothing else is printed. */
const DIFF_LINES = 12;
/** Lines of a difference that both sides have, and its headings where the values stand in lines of their own. */
const COMMON = /^(?: {2}|[-+] (?:Expected|Received)\b)/;

/**
 * Counts a run and writes `TestCount` as JSON to the file that `--outputFile.count` names. Vitest's own JSON has no word on
 * a set-up that failed: its tests are skipped there, and why is left out.
 */
export default class CountReporter implements Reporter {
  #file = '';
  #root = '';

  onInit({ config }: Vitest): void {
    const { outputFile, root } = config;
    this.#file = (typeof outputFile === 'object' ? outputFile['count'] : outputFile) ?? '';
    this.#root = root;
    if (this.#file === '') throw new Error('the counting reporter needs --outputFile.count=<file>');
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    writeFileSync(this.#file, JSON.stringify(countOf(this.#root, modules, unhandled)));
  }
}

function countOf(root: string, modules: readonly TestModule[], unhandled: readonly SerializedError[]): TestCount {
  const failures: string[] = [];
  const secondTries: string[] = [];
  const count = { passed: 0, failed: 0, skipped: 0 };
  for (const module of modules) {
    const file = relative(root, module.moduleId);
    for (const set of [module, ...module.children.allSuites()]) {
      const errors = set.errors();
      if (errors.length === 0) continue;
      count.failed += 1;
      failures.push(told(`${file}${set.type === 'suite' ? ` > ${set.fullName}` : ''}, around its tests`, errors));
    }
    for (const test of module.children.allTests()) {
      const result = test.result();
      if (result.state === 'passed') {
        count.passed += 1;
        if (test.diagnostic()?.flaky) secondTries.push(told(`${file} > ${test.fullName}`, result.errors ?? []));
      } else if (result.state === 'failed') {
        count.failed += 1;
        failures.push(told(`${file} > ${test.fullName}`, result.errors));
      } else count.skipped += 1;
    }
  }
  for (const error of unhandled) {
    count.failed += 1;
    failures.push(told('outside of the tests', [error]));
  }
  return { ...count, failures, secondTries };
}

interface Told {
  readonly message: string;
  readonly stack?: string | undefined;
  readonly diff?: string | undefined;
}

function told(what: string, errors: readonly Told[]): string {
  const lines = errors.flatMap(({ message, stack, diff }) => [
    ...linesOf(stack?.includes(message) ? stack : `${message}\n${stack ?? ''}`).slice(0, FAILURE_LINES),
    ...linesOf(diff ?? '')
      .filter((line) => line.trim() !== '' && !COMMON.test(line))
      .slice(0, DIFF_LINES),
  ]);
  return [what, ...lines.map((line) => `    ${line}`)].join('\n');
}

const linesOf = (text: string): readonly string[] => stripVTControlCharacters(text).split('\n');
