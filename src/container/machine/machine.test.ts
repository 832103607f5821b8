import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { playedV86 } from '../../../tests/support/linux/played-v86.ts';
import { encodeFrame, GUEST_PAYLOAD_BYTES } from '../channel/frames.ts';
import { numbers } from '../channel/requests.ts';
import { type Machine, MAX_RESTARTS, openMachine } from './machine.ts';
import { MachineError, type MachineFailure, type MachineOptions } from './machine-options.ts';

/** The smallest module there is. */
const EMPTY_WASM = new WebAssembly.Module(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));

const open: Machine[] = [];
afterEach(async () => {
  for (const machine of open.splice(0)) await machine.dispose();
});

async function opened(options: Partial<MachineOptions> = {}) {
  const { V86, play } = playedV86();
  const failures: MachineFailure[] = [];
  const machine = await openMachine({
    V86,
    wasm: EMPTY_WASM,
    bios: new Uint8Array(1),
    vgaBios: new Uint8Array(1),
    memoryMB: 1,
    state: new Uint8Array(1),
    onFailure: (failure) => failures.push(failure),
    ...options,
  });
  open.push(machine);
  return { machine, play, failures };
}

const FLOOD = Array.from({ length: 40 }, () => new Uint8Array(GUEST_PAYLOAD_BYTES));

describe('what the guest says', () => {
  test('is heard after what it wrote to its share before, in order', async () => {
    const heard: string[] = [];
    let settled: Promise<void> | null = null;
    const shareSettled = () => {
      const before = settled;
      settled = null;
      return before;
    };
    const { machine, play } = await opened({ shareSettled });
    const exec = machine.exec({ argv: ['x'], onStdout: (bytes) => void heard.push(new TextDecoder().decode(bytes)) });
    const said = (text: string) => encodeFrame('o', exec.id, new TextEncoder().encode(text));
    settled = pause(50).then(() => void heard.push('written'));
    play.say.push(said('one'), said('two'));
    await expect.poll(() => heard).toEqual(['written', 'one', 'two']);
  });

  test('is heard all the same where its share takes long', async () => {
    let settled: Promise<void> | null = null;
    const { machine, play } = await opened({ shareSettled: () => settled });
    const onStdout = vi.fn<(bytes: Uint8Array) => void>();
    const exec = machine.exec({ argv: ['x'], onStdout });
    settled = new Promise(() => undefined);
    play.say.push(encodeFrame('o', exec.id, new Uint8Array(1)));
    await expect.poll(() => onStdout.mock.calls.length, { timeout: 5_000 }).toBe(1);
  });

  test('is nobody’s once it is put back', async () => {
    let settled: Promise<void> | null = null;
    const asked = vi.fn(() => settled);
    let states = 0;
    const state = async () => {
      states += 1;
      // Longer than words are held back.
      if (states > 1) await pause(700);
      return new Uint8Array(1);
    };
    const { machine, play, failures } = await opened({ shareSettled: asked, state });
    settled = new Promise(() => undefined);
    asked.mockClear();
    play.say.push(encodeFrame('o', 1, new Uint8Array(9)).subarray(0, 8));
    await expect.poll(() => asked.mock.calls.length).toBeGreaterThan(0);
    const reset = machine.reset();
    settled = null;
    await reset;
    expect({ restores: play.restores, failures, phase: machine.phase }).toEqual({
      restores: 2,
      failures: [],
      phase: 'running',
    });
  });
});

describe('a state', () => {
  test('is taken when all that the guest wrote is where it was told it is', async () => {
    let settled: Promise<void> | null = null;
    const order: string[] = [];
    const { machine } = await opened({ shareSettled: () => settled });
    settled = pause(50).then(() => void order.push('written'));
    await machine.save();
    order.push('saved');
    expect(order).toEqual(['written', 'saved']);
  });

  test('is not waited for beyond the end of the machine', async () => {
    let settled: Promise<void> | null = null;
    const asked = vi.fn(() => settled);
    const { machine } = await opened({ shareSettled: asked });
    await machine.stop();
    settled = new Promise(() => undefined);
    asked.mockClear();
    const saving = expect(machine.save()).rejects.toThrow(MachineError);
    await expect.poll(() => asked.mock.calls.length).toBeGreaterThan(0);
    await machine.dispose();
    await saving;
  });
});

describe('a guest that is not to be believed', () => {
  test.each<[string, (id: number) => Uint8Array[]]>([
    ['a frame that is too long', (id) => [encodeFrame('o', id, new Uint8Array(GUEST_PAYLOAD_BYTES + 1))]],
    ['an unknown type', (id) => [encodeFrame('Z', id)]],
    ['more output than it has leave for', (id) => FLOOD.map((bytes) => encodeFrame('o', id, bytes))],
    ['more taken than it was given', (id) => [encodeFrame('i', id, numbers(1))]],
    ['an answer to an exec', (id) => [encodeFrame('r', id, numbers(0))]],
    ['output of the agent itself', () => [encodeFrame('o', 0, new Uint8Array(1))]],
  ])('is put back for %s', async (_, say) => {
    const { machine, play, failures } = await opened();
    const exec = machine.exec({ argv: ['x'], onStdout: () => new Promise(() => undefined) });
    play.say.push(...say(exec.id));
    expect((await exec.done).kind).toBe('lost');
    await expect.poll(() => failures).toHaveLength(1);
    expect(failures[0]).toMatchObject({ loss: { kind: 'hostile' }, outcome: 'restored', restarts: 1 });
    expect(machine.phase).toBe('running');
  });

  test('is put back again where it says so right behind the last word of a start', async () => {
    const { machine, play, failures } = await opened();
    play.behindTime = encodeFrame('Z', 1);
    play.fault = new Error('put back');
    await expect.poll(() => failures).toHaveLength(1);
    expect(failures[0]).toMatchObject({ outcome: 'restored', restarts: 2 });
    expect(failures[0]?.loss.detail).toContain('a frame of type 90');
    expect(machine.phase).toBe('running');
  });

  test('does not start at all with such a word', async () => {
    const { V86, play } = playedV86();
    play.behindTime = encodeFrame('Z', 1);
    await expect(opened({ V86 })).rejects.toThrow(MachineError);
  });

  test('is put back once where that was asked for before', async () => {
    const { machine, play, failures } = await opened();
    await machine.stop();
    play.answers = false;
    const asked = play.heard.length;
    const running = machine.run().catch((error: unknown) => error);
    const [reset, stopped] = [machine.reset(), machine.stop()];
    await expect.poll(() => play.heard.length).toBeGreaterThan(asked);
    play.answers = true;
    play.say.push(encodeFrame('Z', 1));
    expect(await running).toBeInstanceOf(MachineError);
    await Promise.all([reset, stopped]);
    await machine.stop(); // in turn: after all that came of it
    expect({ restores: play.restores, failures, phase: machine.phase }).toEqual({
      restores: 2,
      failures: [],
      phase: 'stopped',
    });
  });

  test('is put back once where that is asked for after it was lost', async () => {
    const lost = Promise.withResolvers<void>();
    const { machine, play, failures } = await opened({ onLoss: () => lost.resolve() });
    play.say.push(encodeFrame('Z', 1));
    await lost.promise;
    await machine.reset();
    expect({ restores: play.restores, phase: machine.phase }).toEqual({ restores: 2, phase: 'running' });
    expect(failures).toHaveLength(1);
  });

  test('tells nobody of a loss of one that was ended meanwhile', async () => {
    const losses: unknown[] = [];
    const { machine, play, failures } = await opened({ onLoss: (loss) => losses.push(loss) });
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const exec = machine.exec({ argv: ['x'], onStdout: () => queueMicrotask(() => resolve(machine.dispose())) });
    play.say.push(encodeFrame('o', exec.id, new Uint8Array(1)), encodeFrame('Z', 1));
    await ended;
    expect({ losses, failures, phase: machine.phase }).toEqual({ losses: [], failures: [], phase: 'disposed' });
  });

  test('cannot make anything of frames for ids that are gone', async () => {
    const { machine, play, failures } = await opened();
    play.say.push(
      ...[1, 77, 0x7fff_ffff, 0xffff_ffff].flatMap((id) => FLOOD.map((bytes) => encodeFrame('o', id, bytes))),
    );
    const exec = machine.exec({ argv: ['x'] });
    play.say.push(encodeFrame('x', exec.id, numbers(0, 0, 0, 0, 0, 0)));
    expect((await exec.done).kind).toBe('exited');
    expect(failures).toEqual([]);
  });
});

describe('an emulator that throws', () => {
  test('is put back, and goes on', async () => {
    const { machine, play, failures } = await opened();
    play.fault = new RangeError('out of bounds');
    await expect.poll(() => failures).toHaveLength(1);
    expect(failures[0]).toMatchObject({ loss: { kind: 'faulted' }, outcome: 'restored' });
    expect(failures[0]?.loss.detail).toContain('out of bounds');
    expect(play.restores).toBe(2);
    await machine.stop();
    await machine.run();
    expect(machine.phase).toBe('running');
  });

  test(`is given up after ${MAX_RESTARTS} times`, async () => {
    const { machine, play, failures } = await opened();
    for (let round = 1; round <= MAX_RESTARTS + 1; round += 1) {
      play.fault = new Error('again');
      await expect.poll(() => failures).toHaveLength(round);
    }
    expect(failures.at(-1)).toMatchObject({ outcome: 'gaveUp', restarts: MAX_RESTARTS });
    expect(machine.phase).toBe('failed');
  });
});

describe('what is asked of a machine', () => {
  test('comes one after the other: a state is not taken in the middle of a restore', async () => {
    const { machine, play } = await opened();
    const [, state, , second] = await Promise.all([machine.reset(), machine.save(), machine.reset(), machine.save()]);
    expect([state.length, second.length]).toEqual([8, 8]);
    expect(play.restores).toBe(3);
    expect(machine.phase).toBe('running');
  });

  test('is nothing when its state cannot be had', async () => {
    const state = () => Promise.reject(new Error('no such file'));
    await expect(opened({ state })).rejects.toThrow('no such file');
    await expect(opened({ state })).rejects.toThrow(MachineError);
  });

  test('ends where the machine does, also one that was to stand', async () => {
    vi.stubGlobal('setImmediate', undefined); // ticks come through a channel then, as in browsers
    const { machine } = await opened();
    vi.unstubAllGlobals();
    const stopped = machine.stop();
    await expect.poll(() => machine.phase, { interval: 0 }).toBe('stopped');
    await machine.dispose();
    await stopped;
    expect(machine.phase).toBe('disposed');
  });

  test('is lost when the machine ends meanwhile', async () => {
    const { machine, play } = await opened();
    play.answers = false;
    const question = machine.readFile('/x').catch((error: unknown) => error);
    await machine.dispose();
    expect(await question).toMatchObject({ failure: { kind: 'lost' } });
    expect((await machine.exec({ argv: ['x'] }).done).kind).toBe('lost');
  });
});
