import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { childEnvironment } from '../../tools/run-step.ts';
import { ensureBuilt } from '../../tools/build.ts';

/** The last line of `npm start` without a display, as docs/commands.md has it: these members and no others. */
const resultSchema = z.strictObject({
  scene: z.string(),
  status: z.enum(['completed', 'crashed', 'timedOut', 'cancelled', 'refused']),
  stdout: z.string(),
  artifacts: z.array(z.strictObject({ name: z.string(), path: z.string(), bytes: z.int().positive() })),
  screenshot: z.string(),
  coldMs: z.number().positive(),
});

async function start(...args: readonly string[]): Promise<{ shown: string; result: unknown; progress: string[] }> {
  const tool = path.join(import.meta.dirname, '../../tools/start.ts');
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [tool, '--headless', ...args], {
    env: childEnvironment(),
  });
  const [shown = '', last = ''] = stdout.split('\nRESULT ');
  expect(last.endsWith('\n')).toBe(true);
  return { shown, result: JSON.parse(last), progress: stderr.trimEnd().split('\n') };
}

const isPng = (file: string): boolean => readFileSync(file).subarray(1, 4).toString() === 'PNG';

beforeAll(() => ensureBuilt('chrome'));

it('plays the chart, prints the card and RESULT, and builds nothing that is there already', async () => {
  const { shown, result, progress } = await start();
  const read = resultSchema.parse(result);
  expect(read).toMatchObject({ scene: 'chart', status: 'completed' });
  expect(shown).toContain(read.stdout.trim());
  for (const { path: file, bytes } of read.artifacts) {
    expect(path.isAbsolute(file)).toBe(true);
    expect(statSync(file).size).toBe(bytes);
  }
  const figures = read.artifacts.filter(({ name }) => name.endsWith('.png'));
  expect(figures.map(({ path: file }) => isPng(file))).toEqual([true]);
  expect(read.artifacts.map(({ name }) => name)).toContain('sales.csv');
  expect(path.isAbsolute(read.screenshot)).toBe(true);
  expect(isPng(read.screenshot)).toBe(true);
  // Every step of a start writes a line: of setting up and building there is none, and the engines lay there.
  const steps = progress.filter((line) => line.startsWith('· '));
  expect(steps).toEqual(['· vendored engines', '· playing the scene "chart"']);
  expect(progress.find((line) => line.startsWith('python: '))).toMatch(/^python: up to date in /);
});

it.each(['scene', 'renderer', 'theme'])('says in one sentence that there is no such %s', async (option) => {
  const failure = await start(`--${option}`, 'opera').catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^[^\n]*opera[^\n]*\n$/) });
});
