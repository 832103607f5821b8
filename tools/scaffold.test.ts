import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { testFolder } from '../tests/support/test-folder.ts';
import { scaffoldRunner } from './scaffold.ts';

const ROOT = join(import.meta.dirname, '..');

describe.each([
  ['one that runs', 'shell', []],
  ['one that is only recognised', 'ruby', ['src/contracts/run.ts']],
  ['one that nobody knew', 'klingon', ['src/contracts/run.ts', 'src/contracts/languages.ts']],
] as const)('a runner that was made by the tool for %s', (_title, language, named) => {
  const WISH = { id: 'made-up', language };
  const copy = testFolder(`scaffold-${language}`);
  let made: string[];
  beforeAll(() => {
    for (const part of [
      'src',
      'entrypoints',
      'tests/support',
      'tools/rings.ts',
      '.dependency-cruiser.mjs',
      'wxt.config.ts',
      'package.json',
    ])
      cpSync(join(ROOT, part), join(copy, part), { recursive: true });
    for (const name of ['base', 'worker', 'node'])
      cpSync(join(ROOT, `tsconfig.${name}.json`), join(copy, `tsconfig.${name}.json`));
    cpSync(join(ROOT, 'tsconfig.json'), join(copy, 'tsconfig.json'));
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    mkdirSync(join(copy, 'tests/node'), { recursive: true });
    made = scaffoldRunner(copy, WISH);
  });

  /** What the compiler says of the runner's own files, in each of the worlds that they are built for. */
  function complaints(): string[] {
    const compiler = join(ROOT, 'node_modules/typescript7/bin/tsc');
    const worlds = {
      'tsconfig.json': ['src/host/registry.ts', 'src/runners/made-up/index.ts', 'entrypoints/made-up-worker.ts'],
      'tsconfig.worker.json': ['src/runners/made-up/worker.ts'],
      'tsconfig.node.json': ['tests/node/made-up-contract.test.ts', 'tests/support/contract/programs/index.ts'],
    };
    return Object.entries(worlds).flatMap(([project, include]) => {
      const narrow = join(copy, 'tsconfig.made-up.json');
      writeFileSync(narrow, JSON.stringify({ extends: `./${project}`, include, exclude: [] }));
      return run(process.execPath, [compiler, '--noEmit', '-p', narrow]).filter((line) =>
        /made-up|registry|contracts/u.test(line),
      );
    });
  }

  test('has types, in the host, in the worker and in its test', () => {
    expect(complaints()).toEqual([]);
    const engine = join(copy, 'src/runners/made-up/worker/engine.ts');
    const text = readFileSync(engine, 'utf8');
    writeFileSync(engine, text.replace('exitCode: 0', "exitCode: 'none'"));
    expect(complaints()).not.toEqual([]);
    writeFileSync(engine, text);
  });

  test('is for a language that the product offers', () => {
    expect(made.filter((path) => path.startsWith('src/contracts/'))).toEqual(named);
    const list = readFileSync(join(copy, 'src/contracts/run.ts'), 'utf8');
    expect(/LANGUAGES = \[(.*)\] as const/u.exec(list)?.[1]).toContain(`'${language}'`);
  });

  test('keeps to the rings', () => {
    const cruiser = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
    const said = run(process.execPath, [
      cruiser,
      'src/runners/made-up',
      'src/host/registry.ts',
      '--config',
      '.dependency-cruiser.mjs',
    ]);
    expect(said.join('\n')).toContain('no dependency violations found');
  });

  test('stands in the registry and in the list of the contract, one line each', () => {
    const before = (path: string): number => readFileSync(join(ROOT, path), 'utf8').split('\n').length;
    for (const path of ['src/host/registry.ts', 'tests/support/contract/programs/index.ts']) {
      expect(made).toContain(path);
      const text = readFileSync(join(copy, path), 'utf8');
      expect(text.split('\n').length).toBe(before(path) + 2); // and its import
      expect(text).toContain('made-up');
    }
  });

  test('has a page for what it cannot do', () => {
    const page = 'src/runners/made-up/README.md';
    expect(made).toContain(page);
    expect(readFileSync(join(copy, page), 'utf8')).toMatch(/^# MadeUp\n(?:.*\n)*Not here: /u);
  });

  test('is never written over, and only made for a language of programs', () => {
    expect(() => scaffoldRunner(copy, WISH)).toThrow('already there');
    expect(() => scaffoldRunner(copy, { id: 'Bad Id', language: 'shell' })).toThrow('is no id');
    expect(() => scaffoldRunner(copy, { id: 'other', language: 'Bad Language' })).toThrow('is no language');
    expect(() => scaffoldRunner(copy, { id: 'other', language: 'json' })).toThrow('is no language of programs');
  });

  function run(program: string, args: readonly string[]): string[] {
    try {
      return execFileSync(program, [...args], { cwd: copy, encoding: 'utf8' })
        .split('\n')
        .filter(Boolean);
    } catch (error) {
      const { stdout } = error as { stdout?: string };
      if (stdout === undefined) throw error;
      return stdout.split('\n').filter(Boolean);
    }
  }
});
