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
const MOST_BYTES = 2 ** 20;

/** The largest buffer of a machine that was put back to a state and did nothing since: its memory. */
async function memoryAfter(...states: readonly MachineState[]): Promise<Uint8Array> {
  const emulator = await Emulator.create({
    ...smallParts(),
    vgaMemoryMB: 2,
    disk: null,
    share: quiet,
    onBytes: quiet,
    onConsole: quiet,
    onFault: quiet,
  });
  for (const state of states) await emulator.restore(state);
  const saved = await emulator.save();
  emulator.dispose();
  const [memory] = buffersOf(saved).spans.toSorted((a, b) => b.length - a.length);
  return memory ? saved.slice(memory.start, memory.start + memory.length) : new Uint8Array();
}

const whole = (): Uint8Array => smallParts().state as Uint8Array;

test('memory that is unpacked to its place is what it is in the whole state, in a new machine and over an older one', async () => {
  const wanted = await memoryAfter(whole());
  expect(wanted.length).toBeGreaterThan(MOST_BYTES);
  expect(Buffer.compare(await memoryAfter(smallPackedState()), wanted)).toBe(0);
  expect(Buffer.compare(await memoryAfter(smallPackedState(), smallPackedState()), wanted)).toBe(0);
  expect(Buffer.compare(await memoryAfter(smallPackedState(), whole()), wanted)).toBe(0);
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
    await expect(opened(async () => ({ packed: packed.slice(0, packed.length * part), bytes }))).rejects.toThrow();
});

async function opened(state: () => Promise<PackedState>): Promise<Shell> {
  const shell = await openShell({ state });
  open.push(shell);
  return shell;
}
