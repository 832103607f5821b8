import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../src/contracts/run.ts';
import type { RunnerSession } from '../../src/contracts/runner.ts';
import { fromWorkerSchema, RUNNER_PROTOCOL } from '../../src/contracts/runner-protocol.ts';
import { EngineSession } from '../../src/runners/kit/engine-session.ts';
import { javascriptRunner } from '../support/javascript/open-javascript.ts';
import { MemoryFiles } from '../support/kit/memory-files.ts';
import { openInNode } from '../support/kit/open-node.ts';
import { replayedWorker } from '../support/kit/replayed-worker.ts';
import { asSent, type Line, recordingBoxes } from '../support/kit/transcript.ts';

// The same protocol spoken by a second engine: what is in these files and not in Python's is the engine's, not the kit's.

const PROGRAMS = [
  [
    "const fs = require('node:fs');",
    "console.log('hello', fs.readFileSync('in.txt', 'utf8'));",
    "console.error('careful');",
    "fs.writeFileSync('out.txt', 'Zoë');",
    'console.table([{ a: 1, b: 2 }]);',
    '6 * 7',
  ].join('\n'),
  "console.log('go');\nfor (;;);",
  'const x = 1;\nnull.missing;',
];
const WAYS = [
  ['copied', false],
  ['live', true],
] as const;
/** The worker ends a program by its own clock. On a slow machine the host's strikes as well, and then says so. */
const isOfHostClock = (line: Line): boolean =>
  'interrupt' in line || ('from' in line && JSON.stringify(line.from).includes('"stage":"interrupting"'));
const goldenFile = (name: string): string => join(import.meta.dirname, `../fixtures/protocol/javascript-${name}.json`);

/** One run that does everything, one that is ended by its time (each browser can), one that fails. */
async function threeRuns(session: Pick<RunnerSession, 'execute'>, onEvent: (event: RunEvent) => void): Promise<void> {
  for (const [at, code] of PROGRAMS.entries()) {
    await session.execute(
      { language: 'javascript', code, stdin: [], limits: { timeMs: at === 1 ? 300 : 30_000, memoryMB: 128 } },
      { signal: new AbortController().signal, onEvent },
    );
  }
}

function inputFiles(): MemoryFiles {
  const files = new MemoryFiles();
  files.put('in.txt', 'there');
  return files;
}

describe.each(WAYS)('messages of host and JavaScript worker, files %s', (name, hasSharedMemory) => {
  test('are those of the golden file, both ways', async () => {
    const lines: Line[] = [];
    const around = (boxes: Parameters<typeof recordingBoxes>[0]) => recordingBoxes(boxes, lines);
    const opened = await openInNode(javascriptRunner(), { hasSharedMemory }, inputFiles(), around);
    await threeRuns(opened.session, () => undefined);
    opened.dispose();
    const steady = lines.filter((line) => !isOfHostClock(line));
    await expect(`${JSON.stringify(steady, null, 2)}\n`).toMatchFileSnapshot(goldenFile(name));
  });

  test('of the golden file are taken by the schema, each, and carry its version', () => {
    const golden = JSON.parse(readFileSync(goldenFile(name), 'utf8')) as Line[];
    const said = golden.flatMap((line) =>
      'from' in line ? [asSent(line.from) as { kind: string; protocol?: number }] : [],
    );
    expect(said.filter((message) => !fromWorkerSchema.safeParse(message).success)).toEqual([]);
    expect(said.find(({ kind }) => kind === 'initialized')?.protocol).toBe(RUNNER_PROTOCOL);
    const other = { ...said.find(({ kind }) => kind === 'initialized'), protocol: RUNNER_PROTOCOL + 1 };
    expect(fromWorkerSchema.safeParse(other).success).toBe(false);
  });

  test('make the host say the same again when the worker does', async () => {
    const golden = JSON.parse(readFileSync(goldenFile(name), 'utf8')) as Line[];
    const said: unknown[] = [];
    const files = inputFiles();
    const none = { load: () => Promise.resolve(null) };
    const session = new EngineSession({ worker: replayedWorker(golden, hasSharedMemory, said), files, images: none });
    const events: RunEvent[] = [];
    await threeRuns(session, (event) => events.push(event));
    session.dispose();
    expect(said.flatMap((message) => (message as { code?: string }).code ?? [])).toEqual(PROGRAMS);
    expect(events.flatMap((event) => (event.kind === 'output' ? [event.text] : [])).join('')).toContain('hello there');
    expect(hasSharedMemory || files.text('out.txt') === 'Zoë').toBe(true);
  });
});
