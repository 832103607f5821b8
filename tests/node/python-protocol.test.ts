import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../src/contracts/run.ts';
import { fromWorkerSchema } from '../../src/contracts/runner-protocol.ts';
import { EngineSession } from '../../src/runners/kit/engine-session.ts';
import { MemoryFiles } from '../support/kit/memory-files.ts';
import { openPython } from '../support/python/open-session.ts';
import { replayedWorker } from '../support/kit/replayed-worker.ts';
import { asSent, type Line, recordingBoxes } from '../support/kit/transcript.ts';

const FIRST = [
  'import sys',
  'print("hello", open("in.txt").read())',
  'print("careful", file=sys.stderr)',
  'name = input("name? ")',
  'with open("out.txt", "w") as out:',
  '    written = out.write(name)',
  'display({"text/plain": "rich"}, raw=True)',
  '6 * 7',
].join('\n');
const SECOND = 'import time\nprint("go", flush=True)\ntime.sleep(60)';
const THIRD = 'x = 1\n{}["missing"]';
const BROKEN = 'x = 1\ny = (';

const WAYS = [
  ['copied', false],
  ['live', true],
] as const;
const goldenFile = (name: string): string => join(import.meta.dirname, `../fixtures/protocol/run-${name}.json`);

/** The same three runs each time: one that does everything, one that `stops` ends, one that fails; then code is only checked. */
async function threeRuns(
  session: Pick<EngineSession, 'execute' | 'answerInput' | 'validate'>,
  stops: { now: () => void },
  onEvent: (event: RunEvent) => void,
) {
  for (const code of [FIRST, SECOND, THIRD]) {
    const stop = new AbortController();
    stops.now = () => stop.abort();
    await session.execute(
      { language: 'python', code, stdin: null, limits: { timeMs: 30_000, memoryMB: 256 } },
      {
        signal: stop.signal,
        onEvent: (event) => {
          onEvent(event);
          if (event.kind === 'input') session.answerInput('Zoë');
        },
      },
    );
  }
  return session.validate(BROKEN, 'python');
}

function inputFiles(): MemoryFiles {
  const files = new MemoryFiles();
  files.put('in.txt', 'there');
  return files;
}

describe.each(WAYS)('messages of host and worker, files %s', (name, hasSharedMemory) => {
  test('are those of the golden file, both ways', async () => {
    const lines: Line[] = [];
    const stops = { now: (): void => undefined };
    // In the wait: with what is said before it, Stop would sometimes come between two lines of the program.
    const python = await openPython('base', { hasSharedMemory }, inputFiles(), (boxes) =>
      recordingBoxes(boxes, lines, () => stops.now()),
    );
    await threeRuns(python.session, stops, () => undefined);
    python.dispose();
    await expect(`${JSON.stringify(lines, null, 2)}\n`).toMatchFileSnapshot(goldenFile(name));
  });

  const golden = JSON.parse(readFileSync(goldenFile(name), 'utf8')) as Line[];

  test('of the golden file are taken by the schema, each', () => {
    const refused = golden.filter((line) => 'from' in line && !fromWorkerSchema.safeParse(asSent(line.from)).success);
    expect(refused).toEqual([]);
  });

  test('make the host say the same again when the worker does', async () => {
    const said: unknown[] = [];
    const files = inputFiles();
    const worker = replayedWorker(golden, hasSharedMemory, said);
    const session = new EngineSession({ worker, files, images: { load: () => Promise.resolve(null) } });
    const events: RunEvent[] = [];
    const stops = { now: (): void => undefined };
    const checked = await threeRuns(session, stops, (event) => {
      events.push(event);
      if (event.kind === 'output' && event.text.includes('go')) stops.now();
    });
    session.dispose();
    const kinds = said.map((message) => (message as { kind: string }).kind);
    const wanted = golden.flatMap((line) => ('to' in line ? [line.to as { kind: string; code?: string }] : []));
    expect(kinds).toEqual(wanted.map(({ kind }) => kind).filter((kind) => kind !== 'initialize'));
    expect(said.flatMap((message) => (message as { code?: string }).code ?? [])).toEqual([
      FIRST,
      SECOND,
      THIRD,
      BROKEN,
    ]);
    expect(checked.ok ? null : checked.error.detail).toContain('line 2');
    const shown = new Set(events.map((event) => event.kind));
    expect([...shown].sort()).toEqual(['artifact', 'display', 'input', 'inputAnswered', 'output', 'state']);
    expect(hasSharedMemory || files.text('out.txt') === 'Zoë').toBe(true);
  });
});
