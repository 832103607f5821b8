import 'fake-indexeddb/auto';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sessionIdOf } from '../../src/contracts/ids.ts';
import { LIMITS } from '../../src/contracts/limits.ts';
import { RUNNER_PROTOCOL } from '../../src/contracts/runner-protocol.ts';
import type { SavedEngines } from '../../src/contracts/runner.ts';
import { type CompanionDatabase, createSavedEngines, openDatabase } from '../../src/database/index.ts';
import { createLinuxRunner } from '../../src/runners/linux/index.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { openInNode, type TestSession } from '../support/kit/open-node.ts';
import { needsLinuxImage } from '../support/linux-image.ts';

/** A worker that was taken over: it does what the code of each run says, with all that a worker has. */
const TAKEN_OVER = `
const INITIALIZED = { kind: 'initialized', protocol: ${RUNNER_PROTOCOL}, version: '1', start: 'cold', fallback: null, memoryBytes: 1, left: [], marks: {} };
addEventListener('message', ({ data }) => {
  if (data.kind === 'initialize') postMessage(INITIALIZED);
  if (data.kind !== 'execute') return;
  (0, eval)(data.code);
  postMessage({ kind: 'result', run: data.run, result: null, isStopped: false, limit: null, memoryBytes: 1 });
});`;

const SESSION = sessionIdOf('test');
let database: CompanionDatabase;
let savedEngines: SavedEngines;
let databases = 0;
let shell: TestSession;

async function open(savedLeastMs?: number): Promise<void> {
  const runner = createLinuxRunner({ source: nodeSource('linux'), isSmall: () => true, savedEngines, savedLeastMs });
  shell = await openInNode(runner, { script: async () => TAKEN_OVER });
}

/** What is stored of the session once the worker has done this. */
async function storedAfter(code: string): Promise<readonly number[] | null> {
  const { outcome } = await shell.run(code);
  expect(outcome.kind).toBe('completed');
  const saved = await savedEngines.load(SESSION);
  return saved === null ? null : [...saved.state];
}

const saves = (state: string): string => `postMessage({ kind: 'saved', state: ${state} })`;

describe('an engine that gives what it likes to keep', () => {
  beforeAll(needsLinuxImage);
  beforeEach(() => {
    databases += 1;
    database = openDatabase(`kept-${databases}`);
    savedEngines = createSavedEngines(database, () => Date.now());
  });
  afterEach(() => {
    shell.dispose();
    database.close();
  });

  test.each([
    ['one byte of memory that is far larger', 'new Uint8Array(new ArrayBuffer(64 << 20), 0, 1)'],
    ['memory that may grow', 'new Uint8Array(new ArrayBuffer(1, { maxByteLength: 1 << 30 }))'],
    ['memory that it shares', 'new Uint8Array(new SharedArrayBuffer(1))'],
    ['more than is kept of one', `new Uint8Array(${LIMITS.savedEngineBytes.standard + 1})`],
    ['another kind of view', 'new Uint16Array(1)'],
  ])('stores nothing of %s', async (_title, state) => {
    await open();
    expect(await storedAfter(saves(state))).toBeNull();
    // The control: what is rightly formed is stored.
    expect(await storedAfter(saves('Uint8Array.of(7)'))).toEqual([7]);
  });

  test('writes to the disk so often and no more', async () => {
    await open();
    expect(await storedAfter(saves('Uint8Array.of(1)'))).toEqual([1]);
    expect(await storedAfter(saves('Uint8Array.of(2)'))).toEqual([1]);
  });

  test('has what was kept let go once, and not without end', async () => {
    await open(0);
    expect(await storedAfter(saves('Uint8Array.of(1)'))).toEqual([1]);
    expect(await storedAfter(saves('null'))).toBeNull();
    expect(await storedAfter(saves('Uint8Array.of(2)'))).toEqual([2]);
    expect(await storedAfter(saves('null'))).toEqual([2]);
  });
});
