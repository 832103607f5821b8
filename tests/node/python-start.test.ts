import { afterEach, describe, expect, test } from 'vitest';
import { type FinishedRun, openPython, type TestSession } from '../support/python/open-session.ts';
import { FAILURES } from '../../src/contracts/failures.ts';
import type { EngineSession } from '../../src/runners/kit/engine-session.ts';
import { isWhole } from '../support/whole.ts';

let python: TestSession | null = null;
afterEach(() => python?.dispose());

const startOf = (session: TestSession) => (session.session as EngineSession).start;

type Files = Record<string, ArrayBuffer>;

/** Where the build's id lies in the header that Pyodide writes and compares itself; between the samples of our own sum. */
const BUILD_ID = [16, 48] as const;

/** How a file may be spoilt, and of which start: each way is found by its sum or its map. */
const DAMAGES: readonly (readonly [string, 'science' | 'base', (files: Files) => void])[] = [
  ['is of another build', 'science', (files) => change(files, 'science.heap.0', (bytes) => bytes.fill(7, ...BUILD_ID))],
  ['has a record of another table', 'science', (files) => spoilRecord(files, 'baseTableLength')],
  ['has a record of another build', 'science', (files) => spoilRecord(files, 'buildId')],
  ['lacks its first piece', 'science', (files) => delete files['science.heap.0']],
  ['lacks a piece amidst', 'science', (files) => delete files['science.heap.2']],
  ['lacks its last piece', 'base', (files) => delete files['base.heap.2']],
  ['has a piece cut by one byte', 'science', (files) => change(files, 'science.heap.2', (bytes) => bytes.slice(1))],
  ['has a piece of other bytes', 'base', (files) => change(files, 'base.heap.1', (bytes) => bytes.fill(0xa5))],
  ['has a piece with other bytes in a part', 'science', (files) => change(files, 'science.heap.0', spoilPart)],
  ['has two pieces in each other’s place', 'science', exchange],
  ['lacks its map', 'base', (files) => delete files['base.pieces.json']],
  ['has a map of other pieces', 'science', spoilMap],
  ['has a map with one digit changed', 'science', (files) => change(files, 'science.pieces.json', spoilDigit)],
];

describe('a heap that does not fit', () => {
  // Every third; all of them in the whole run, for they change with the tool that makes the heap.
  test.each(DAMAGES.filter((_, at) => isWhole || at % 3 === 0))(
    '%s (%s): a cold start instead, said once, and everything works',
    async (_name, start, spoil) => {
      python = await openPython(start, { spoil: ({ files }) => spoil(files) });
      expect(startOf(python)).toMatchObject({ start: 'cold' });
      expect(startOf(python)?.fallback).toEqual(expect.any(String));
      const run = await python.run('import numpy as np\nprint(np.array([1, 2]).sum())');
      expect(run.outcome).toMatchObject({ kind: 'completed', error: null });
      expect(run.stdout).toBe('3\n');
      expect(noticesOf(run)).toEqual([expect.stringContaining(FAILURES['python/heap-mismatch'].title)]);
      expect(noticesOf(await python.run('pass'))).toEqual([]);
    },
  );
});

const noticesOf = (run: FinishedRun): string[] =>
  run.events.flatMap((event) => (event.kind === 'notice' ? [event.text] : []));

function change(files: Files, name: string, by: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>): void {
  const before = files[name];
  if (!before) throw new Error(`no ${name}`);
  files[name] = by(new Uint8Array(before)).buffer;
}

/** What a bad block of a disk leaves. */
function spoilPart(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return bytes.fill(0x5a, 6_000_000, 6_004_096);
}

function exchange(files: Files): void {
  const [one, other] = [files['science.heap.1'], files['science.heap.2']];
  if (!one || !other) throw new Error('no pieces');
  files['science.heap.1'] = other;
  files['science.heap.2'] = one;
}

/** Every run begins a block later. */
function spoilMap(files: Files): void {
  const map = JSON.parse(new TextDecoder().decode(files['science.pieces.json'])) as { pieces: { at: number }[][] };
  for (const run of map.pieces.flat()) run.at += 16_384;
  files['science.pieces.json'] = new TextEncoder().encode(JSON.stringify(map)).buffer;
}

/** Moves one run within the zeros around it. */
function spoilDigit(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const json = new TextDecoder().decode(bytes);
  const [, run = ''] = json.match(/,\{"at":(\d+)/) ?? [];
  return new TextEncoder().encode(json.replace(run, String(Number(run) - 4_096).padStart(run.length, ' ')));
}

function spoilRecord(files: Files, key: string): void {
  const record = JSON.parse(new TextDecoder().decode(files['science.replay.json'])) as Record<string, unknown>;
  record[key] = typeof record[key] === 'number' ? 5 : 'other';
  files['science.replay.json'] = new TextEncoder().encode(JSON.stringify(record)).buffer;
}

describe('a restored interpreter', () => {
  test.each([true, false])(
    'says how far the packages of an import are (shared memory: %s)',
    async (hasSharedMemory) => {
      python = await openPython('base', { hasSharedMemory });
      const { events, outcome } = await python.run('import rich\nimport rich\nimport json');
      expect(outcome).toMatchObject({ error: null });
      const said = events.flatMap((event) => (event.kind === 'progress' ? [event.done / event.total] : []));
      expect(said.length).toBeGreaterThan(2);
      expect(said).toEqual(said.toSorted((left, right) => left - right));
      expect([said[0], said.at(-1)]).toEqual([0, 1]);
    },
  );

  test('draws different random numbers in each session', async () => {
    const code =
      'import random, uuid, numpy as np\nprint(random.random(), np.random.rand(), uuid.uuid4(), np.random.default_rng().random())';
    const seen = new Set<string>();
    for (let round = 0; round < 2; round += 1) {
      const session = await openPython('science');
      const { stdout } = await session.run(code);
      for (const number of stdout.trim().split(' ')) seen.add(number);
      session.dispose();
    }
    expect(seen.size).toBe(8);
  });

  test('is used a little ahead of need, piece by piece, and nothing of that shows', async () => {
    python = await openPython('science');
    const code = `
from companion_runtime import warm_up
import gc, matplotlib.figure, matplotlib.pyplot as plt, os, pandas, sys
state = sys.modules["companion_runtime.warm_up"]
assert not warm_up(), "a program is here"
def kept():
    gc.collect()
    return sum(isinstance(one, (pandas.DataFrame, matplotlib.figure.Figure)) for one in gc.get_objects())
before, files, most = kept(), os.listdir(), 0
state._pieces, pieces = None, 0
while warm_up():
    pieces += 1
    assert plt.get_fignums() == [], pieces
    if pieces == 7:
        most = kept()
        state.stop()
        assert kept() == before and not warm_up()
        state._pieces = None
assert most > before and kept() == before and os.listdir() == files
print(pieces)`;
    const { outcome, stdout, events } = await python.run(code);
    expect(outcome).toMatchObject({ kind: 'completed', error: null });
    expect(Number(stdout)).toBeGreaterThan(17);
    expect(events.filter(({ kind }) => kind === 'display' || kind === 'artifact')).toEqual([]);
  });

  test('has nothing to use ahead of need without pandas in its heap', async () => {
    python = await openPython('base');
    expect(await python.run('from companion_runtime import warm_up\nwarm_up()')).toMatchObject({
      outcome: { result: 'False' },
    });
  });

  test('keeps variables between runs, and a new session has none', async () => {
    python = await openPython('science');
    expect(noticesOf(await python.run('x = 5'))).toEqual([]);
    expect((await python.run('x')).outcome).toMatchObject({ result: '5' });
    python.dispose();
    python = await openPython('science');
    expect((await python.run('x')).outcome).toMatchObject({ error: { title: 'NameError' } });
  });

  test('checks syntax without running', async () => {
    python = await openPython('base');
    expect(await python.session.validate('print("x")\nawait f()', 'python')).toMatchObject({ ok: true });
    expect(await python.session.validate('for x in', 'python')).toMatchObject({
      ok: false,
      error: { code: 'python/syntax-error' },
    });
  });

  test('a file named like a standard module does not break the runner', async () => {
    python = await openPython('science');
    for (const name of ['code.py', 'random.py', 'json.py', 'numpy.py', 'companion_runtime.py'])
      python.files.put(name, 'raise RuntimeError("shadow")');
    const run = await python.run(
      'import code, random, json, statistics, sympy\nprint(json.dumps([sympy.Integer(2) + 3 == 5]))',
    );
    expect(run.outcome).toMatchObject({ kind: 'completed', error: null });
    expect(run.stdout).toBe('[true]\n');
  });
});
