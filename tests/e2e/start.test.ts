import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { connect } from 'puppeteer-core';
import { beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { childEnvironment } from '../../tools/run-step.ts';
import { ensureBuilt } from '../../tools/build.ts';
import { browserProgram, chromiumPrograms } from '../support/browsers/extension-under-test.ts';
import { testFolder } from '../support/test-folder.ts';

/** The last line of `npm start` without a display, as docs/commands.md has it: these members and no others. */
const resultSchema = z.strictObject({
  scene: z.string(),
  status: z.enum(['completed', 'crashed', 'timedOut', 'cancelled', 'refused']),
  stdout: z.string(),
  artifacts: z.array(z.strictObject({ name: z.string(), path: z.string(), bytes: z.int().positive() })),
  screenshot: z.string(),
  coldMs: z.number().positive(),
});

const tool = path.join(import.meta.dirname, '../../tools/start.ts');
const folder = testFolder('start');

async function start(...args: readonly string[]): Promise<{ shown: string; result: unknown; progress: string[] }> {
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

/** The machine's Chromium as it is started, but without a window: it notes with what, and says where it can be reached. */
function windowless(): string {
  const wrapper = path.join(folder, 'chromium');
  const program = browserProgram('CHROMIUM', chromiumPrograms, 'chromium');
  const note = `printf '%s\\n' "$@" >'${folder}/arguments'`;
  writeFileSync(wrapper, `#!/bin/sh\n${note}\nexec '${program}' --headless --remote-debugging-port=0 "$@"\n`);
  chmodSync(wrapper, 0o755);
  return wrapper;
}

it('leaves the stand-in open where there is a display, until the browser is closed', async () => {
  const child = spawn(process.execPath, [tool], {
    env: { ...childEnvironment(), DISPLAY: ':0', CHROMIUM: windowless() },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  const said: string[] = [];
  for await (const line of createInterface(child.stderr)) if (said.push(line) && line.includes('is open')) break;
  expect(said.at(-1)).toMatch(/^The stand-in is open\. Pick a scene/u);
  const given = readFileSync(path.join(folder, 'arguments'), 'utf8').split('\n');
  expect(given.filter((argument) => /^--(headless|enable-automation)/u.test(argument))).toEqual([]);
  const profile = given.find((argument) => argument.startsWith('--user-data-dir='))?.split('=')[1] ?? '';
  const [port = ''] = readFileSync(path.join(profile, 'DevToolsActivePort'), 'utf8').split('\n');
  const browser = await connect({ browserURL: `http://127.0.0.1:${port}`, defaultViewport: null });
  const page = (await browser.pages()).find((each) => each.url().startsWith('https://chatgpt.com/'));
  expect(await page?.waitForSelector('[role="group"][aria-label="Scenes"]')).toBeTruthy();
  expect(await page?.waitForSelector('chatgpt-companion-toggle')).toBeTruthy();
  expect(child.exitCode).toBeNull();
  await browser.close();
  expect(await ended).toEqual([0, null]);
});
