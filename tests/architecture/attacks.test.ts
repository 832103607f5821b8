import { beforeAll, describe, expect, it } from 'vitest';
import { type AttackTest, listAttackTests, renderThreatModel } from '../../tools/attacks/attacks-page.ts';
import { read, trackedFiles } from './sources.ts';

describe('attack tests', () => {
  let tests: readonly AttackTest[];
  beforeAll(async () => {
    tests = await listAttackTests();
  }, 300_000);

  it('are at least eighty, and none stands there twice', () => {
    const names = tests.map(({ file, name }) => `${file}: ${name}`);
    expect(names.length).toBeGreaterThanOrEqual(80);
    expect(new Set(names).size).toBe(names.length);
  });

  it('are found in every file of tests/security', () => {
    const files = trackedFiles().filter((path) => /^tests\/security\/.*\.test\.ts$/u.test(path));
    expect([...new Set(tests.map(({ file }) => file))].sort()).toEqual(files.sort());
  });

  it('are all named in docs/threat-model.md: node tools/attacks-page.ts writes them', () => {
    expect(read('docs/threat-model.md')).toBe(renderThreatModel(tests));
  });
});
