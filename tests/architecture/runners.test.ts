import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { read, trackedFiles } from './sources.ts';

const runners = [
  ...new Set(
    trackedFiles()
      .map((file) => /^src\/runners\/([^/]+)\/runner\.ts$/.exec(file)?.[1])
      .filter((id) => id !== undefined),
  ),
];

describe('runners', () => {
  it('are found', () => {
    expect(runners).toContain('python');
    expect(runners).not.toContain('kit');
  });

  it.each(runners)('%s is built, registered, and has programs of the contract', (id) => {
    expect(existsSync(`entrypoints/${id}-worker.ts`)).toBe(true);
    expect(read('src/host/registry.ts')).toContain(`sourceOf('${id}')`);
    expect(read('tests/support/contract/programs/index.ts')).toMatch(new RegExp(`^  '?${id}'?: \\[`, 'm'));
  });

  it.each(runners)('%s says beside its code what it is, and what it cannot do', (id) => {
    const page = `src/runners/${id}/README.md`;
    expect(existsSync(page)).toBe(true);
    expect(read(page)).toMatch(/^# \w/u);
    expect(read(page)).toMatch(/^(?:Not here|Limits): /mu);
  });

  it.each(['chrome', 'firefox'])('run every program of the contract in %s', (browser) => {
    expect(read(`tests/browser/runner-contract-${browser}.test.ts`)).toContain(`describeEveryRunner('${browser}')`);
  });

  it('put no schemas into their workers', () => {
    const workers = trackedFiles().filter(
      (file) => /^src\/runners\/[^/]+\/worker(\/|\.ts)/.test(file) && existsSync(file),
    );
    const importsValues = /^import (?!type )[^;]*from '[./]*contracts\/runner-protocol\.ts'/m;
    expect(workers.filter((file) => !file.endsWith('.test.ts') && importsValues.test(read(file)))).toEqual([]);
  });
});
