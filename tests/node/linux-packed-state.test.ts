import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { MachineState, PackedState } from '../../src/container/machine/index.ts';
import { Emulator } from '../../src/container/machine/emulator.ts';
import { buffersOf } from '../../src/container/saved/layout.ts';
import { openShell, type Shell, smallPackedState, smallParts } from '../support/linux/node-machine.ts';
import { needsLinuxImage } from '../support/linux-image.ts';

beforeAll(needsLinuxImage);
const open: Shell[] = [];
afterEach(async () => {
  for (const shell of open.splice(0)) await shell.machine.dispose();
});

const quiet = () => undefined;
const LEAST_BYTES = 2 ** 20;
const WORKS_MS = 300;

/** In the list that v86 saves of its processor: the guest's memory, and which of its pages that is. */
const MEMORY_AT = 77;
const PAGES_AT = 78;

/** The buffer that a state has at that place of the list. */
function bufferAt(state: Uint8Array, place: number): Uint8Array {
  const { head, spans } = buffersOf(state);
  const list = head.info.state as readonly { readonly buffer_id: number }[];
  const span = spans[list[place]?.buffer_id ?? -1];
  if (!span) throw new Error(`a state has no buffer at ${place}`);
  return state.slice(span.start, span.start + span.length);
}

/** Memory and pages of a machine that was put to each of the states, worked a moment, and was put back to the last one. */
async function memoryAfter(
  ...states: readonly MachineState[]
): Promise<readonly [memory: Uint8Array, pages: Uint8Array]> {
  const emulator = await Emulator.create({
    ...smallParts(),
    vgaMemoryMB: 2,
    disk: null,
    share: quiet,
    onBytes: quiet,
    onConsole: quiet,
    onFault: quiet,
  });
  for (const [at, state] of states.entries()) {
    await emulator.restore(state);
    if (at === states.length - 1) break;
    await emulator.run();
    await pause(WORKS_MS);
    await emulator.stop();
  }
  const saved = await emulator.save();
  emulator.dispose();
  return [bufferAt(saved, MEMORY_AT), bufferAt(saved, PAGES_AT)];
}

const whole = (): Uint8Array => smallParts().state as Uint8Array;

test('memory that is unpacked to its place is what it is in the whole state, in a new machine and over a used one', async () => {
  const wanted = await memoryAfter(whole());
  expect(wanted[0].length).toBeGreaterThan(LEAST_BYTES);
  for (const states of [
    [smallPackedState()],
    [smallPackedState(), smallPackedState()],
    [smallPackedState(), whole()],
  ]) {
    const found = await memoryAfter(...states);
    expect(found.map((each, at) => Buffer.compare(each, wanted[at] ?? new Uint8Array()))).toEqual([0, 0]);
  }
});

test('a machine starts of it, and goes back to it', async () => {
  const { machine, run } = await opened(async () => smallPackedState());
  expect((await run('echo mine >/tmp/mine; cat /tmp/mine')).stdout).toBe('mine\n');
  await machine.reset();
  expect((await run('ls /tmp/mine; uname')).stdout).toBe('Linux\n');
});

test('one that is cut off is refused, wherever', async () => {
  const { packed, bytes } = smallPackedState();
  for (const part of [0.01, 0.5, 0.99])
    await expect(opened(async () => ({ packed: packed.slice(0, packed.length * part), bytes }))).rejects.toThrow(
      'the state does not load',
    );
});

async function opened(state: () => Promise<PackedState>): Promise<Shell> {
  const shell = await openShell({ state });
  open.push(shell);
  return shell;
}
