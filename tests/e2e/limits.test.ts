import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunRequest } from '../../src/contracts/run.ts';
import { ensureBuilt } from '../../tools/build.ts';
import { launchChromium, launchFirefox } from '../support/browsers/index.ts';
import {
  connectRunsClient,
  outcomeOf,
  type RunsClient,
  runRequest,
  textOf,
  questionOf,
} from '../support/runs-client/index.ts';
import { type Site, startSite } from '../support/site/index.ts';

const LIMIT_MS = 1000;

describe.each(['chrome', 'firefox'] as const)('programs that go too far in %s', (name) => {
  let site: Site;
  let client: RunsClient;
  let close: () => Promise<void>;

  beforeAll(async () => {
    await ensureBuilt(name);
    site = await startSite({ speed: 'instant' });
    const extension = `extension/${name}-mv3`;
    const browser =
      name === 'chrome' ? await launchChromium({ extension, site }) : await launchFirefox({ extension, site });
    close = () => browser.close();
    client = await connectRunsClient(await browser.extensionPage('popup.html'));
  });
  afterAll(async () => {
    await close();
    await site[Symbol.asyncDispose]();
  });

  const run = async (code: string, session: string, changes: Partial<RunRequest> = {}) => {
    const finished = await client.run(runRequest(code, session, changes));
    if (finished.refused) throw new Error(finished.refused.code);
    return { outcome: outcomeOf(finished), stdout: textOf(finished, 'stdout') };
  };
  const keep = async (session: string): Promise<void> => {
    await run('kept = 41\nopen("/mnt/data/kept.txt", "w").write("here");', session);
  };
  /** Variables are there unless the run said that they are gone; files always are. */
  const works = async (session: string, isLost: boolean): Promise<void> => {
    const after = await run('print(open("/mnt/data/kept.txt").read(), globals().get("kept"))', session);
    expect(after.outcome).toMatchObject({ kind: 'completed', exitCode: 0, error: null });
    expect(after.stdout).toBe(`here ${isLost ? 'None' : '41'}\n`);
  };

  test.each([
    ['one block', 'x = bytearray(600 * 1024 * 1024)'],
    ['a list that grows', 'l = []\nwhile True: l.append(bytes(1_000_000))'],
    ['arrays that grow', 'import numpy as np\na = []\nwhile True: a.append(np.ones(1_000_000))'],
  ])('memory: %s is an error of the language, and the interpreter lives', async (what, code) => {
    await keep(what);
    const { outcome } = await run(code, what);
    expect(outcome).toMatchObject({ kind: 'completed', exitCode: 1, error: { code: 'python/memory' } });
    await works(what, false);
  });

  test('output: a flood ends with its own code', async () => {
    await keep('flood');
    const { outcome } = await run('line = "x" * 200_000\nwhile True: print(line)', 'flood');
    expect(outcome).toMatchObject({ kind: 'crashed', code: 'run/output-too-large' });
    await works('flood', outcome?.kind === 'crashed' && outcome.sessionLost);
  });

  test.each([
    ['a loop', 'while True: pass'],
    ['a sleep', 'import time\ntime.sleep(100_000)'],
    // Many minutes of work in one call of C.
    ['one call of numpy', 'import numpy as np\nnp.linalg.eigvals(np.random.rand(2000, 2000))'],
    [
      'a loop that catches everything',
      'while True:\n    try:\n        while True: pass\n    except BaseException: pass',
    ],
  ])('time: %s that would go on for ever ends at its limit', async (what, code) => {
    await keep(what);
    await run('import numpy', what);
    const limits = { timeMs: LIMIT_MS, memoryMB: 256 };
    const { outcome } = await run(code, what, { limits });
    expect(outcome).toMatchObject({ kind: 'timedOut', limitMs: LIMIT_MS });
    await works(what, outcome?.kind === 'timedOut' && outcome.sessionLost);
  });

  test.each([
    ['a loop', 'print("go", flush=True)\nwhile True: pass'],
    ['a flood', 'while True: print("go", flush=True)'],
    ['one call of numpy', 'import numpy as np\nprint("go", flush=True)\nnp.linalg.eigvals(np.random.rand(1500, 1500))'],
  ])('Stop ends %s', async (what, code) => {
    const session = `stop ${what}`;
    await keep(session);
    const started = await client.call('start', runRequest(code, session));
    if (!started.ok) throw new Error(started.error.code);
    const { runId } = started.value as { runId: string };
    await client.watch(runId, 0);
    await client.until(runId, 'output');
    await client.call('stop', { runId });
    const outcome = outcomeOf(await client.until(runId, 'ended'));
    expect(outcome).toMatchObject({ kind: 'cancelled', by: 'person' });
    await works(session, outcome?.kind === 'cancelled' && outcome.sessionLost);
  });

  test('a person who is asked may take longer than the limit', async () => {
    const limits = { timeMs: LIMIT_MS, memoryMB: 256 };
    const code = 'print(input("name? "))';
    const started = await client.call('start', runRequest(code, 'asked', { limits, stdin: null }));
    if (!started.ok) throw new Error(started.error.code);
    const { runId } = started.value as { runId: string };
    await client.watch(runId, 0);
    const { events } = await client.until(runId, 'input');
    // Another program, in another session, uses up more than the limit meanwhile.
    const other = { timeMs: LIMIT_MS + 500, memoryMB: 256 };
    await run('while True: pass', 'meanwhile', { limits: other });
    await client.call('answerInput', { runId, question: questionOf(events), text: 'Zoë' });
    const ended = await client.until(runId, 'ended');
    expect(outcomeOf(ended)).toMatchObject({ kind: 'completed', exitCode: 0, error: null });
    expect(textOf(ended, 'stdout')).toContain('Zoë\n');
  });
});
