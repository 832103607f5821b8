import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openJavaScript } from '../support/javascript/open-javascript.ts';

process.env['TZ'] = 'UTC';
const PROGRAMS = join(import.meta.dirname, '../fixtures/javascript');

interface Recorded {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const names = readdirSync(PROGRAMS).filter((file) => /\.(?:mjs|cjs|typescript)$/u.test(file));

/** Every program prints here what it printed in Node; `node tools/record-javascript.ts` records. */
describe.each([
  ['with shared memory', true],
  ['without', false],
] as const)('programs of a chat, %s', (_title, hasSharedMemory) => {
  test('there are enough of them', () => expect(names.length).toBeGreaterThanOrEqual(45));

  test.each(names)('%s', async (name) => {
    const code = readFileSync(join(PROGRAMS, name), 'utf8');
    const recorded = JSON.parse(readFileSync(join(PROGRAMS, `${name}.json`), 'utf8')) as Recorded;
    const stdin = /\/\/ stdin: (.*)$/mu.exec(code)?.[1]?.split(' ') ?? [];
    const opened = await openJavaScript({ hasSharedMemory });
    try {
      const language = name.endsWith('.typescript') ? 'typescript' : 'javascript';
      const run = await opened.run(code, { language, stdin, timeMs: 20_000 });
      expect({ stdout: run.stdout, stderr: run.stderr }).toEqual({
        stdout: recorded.stdout,
        stderr: recorded.stderr,
      });
      expect(run.outcome).toMatchObject({ kind: 'completed', exitCode: recorded.exitCode, error: null });
    } finally {
      opened.dispose();
    }
  });
});

afterAll(() => {
  delete process.env['TZ'];
});
