import { describe, expect, test, vi } from 'vitest';
import { STOP, STOP_BYTES } from '../../../contracts/mailbox.ts';
import { createInterrupts } from './interrupts.ts';

function shared() {
  const memory = new SharedArrayBuffer(STOP_BYTES);
  return {
    words: new Int32Array(memory),
    interrupts: createInterrupts(
      memory,
      () => undefined,
      () => undefined,
    ),
  };
}

describe('interrupts', () => {
  test('a run begins with what was left from the last one forgotten', () => {
    const { words, interrupts } = shared();
    words[STOP.interruptIndex] = STOP.interrupt;
    interrupts.begin(1000);
    interrupts.mask(false);
    expect(interrupts.buffer[0]).toBe(0);
  });

  test('waits while masked and arrives after', () => {
    const { words, interrupts } = shared();
    interrupts.begin(1000);
    words[STOP.interruptIndex] = STOP.interrupt;
    expect(interrupts.buffer[0]).toBe(0);
    interrupts.buffer[0] = 0;
    expect(interrupts.isStopping()).toBe(true);
    interrupts.mask(false);
    expect(interrupts.buffer[0]).toBe(STOP.interrupt);
    interrupts.buffer[0] = 0;
    expect(interrupts.buffer[0]).toBe(0);
  });

  test('is taken once', () => {
    const { interrupts } = shared();
    interrupts.begin(1000);
    interrupts.mask(false);
    interrupts.request();
    expect([interrupts.take(), interrupts.take()]).toEqual([true, false]);
  });

  test('comes by itself when the time is up, also without shared memory', () => {
    const interrupts = createInterrupts(
      null,
      () => undefined,
      () => undefined,
    );
    interrupts.begin(-1);
    interrupts.mask(false);
    interrupts.look();
    expect(interrupts.buffer[0]).toBe(STOP.interrupt);
    expect(interrupts.isTimedOut).toBe(true);
  });

  test('one that comes between a look and its clearing is not lost', () => {
    const { words, interrupts } = shared();
    interrupts.begin(1000);
    interrupts.mask(false);
    expect(interrupts.buffer[0]).toBe(0);
    words[STOP.interruptIndex] = STOP.interrupt;
    interrupts.buffer[0] = 0;
    expect(interrupts.buffer[0]).toBe(STOP.interrupt);
  });

  test.each<[string, (world: ReturnType<typeof shared>) => void, boolean]>([
    ['nothing', () => undefined, false],
    ['its time was up, and it never looked', () => vi.advanceTimersByTime(1000), true],
    ['an interrupt that the program was given', ({ interrupts }) => (interrupts.request(), interrupts.take()), true],
    ['an interrupt that came by message', ({ interrupts }) => interrupts.hear(), true],
    ['an interrupt that waits', ({ words }) => (words[STOP.interruptIndex] = STOP.interrupt), true],
    [
      'an interrupt that Pyodide read',
      ({ words, interrupts }) => {
        words[STOP.interruptIndex] = STOP.interrupt;
        expect(interrupts.buffer[0]).toBe(STOP.interrupt);
        interrupts.buffer[0] = 0;
      },
      true,
    ],
  ])('says whether the run that ended was stopped: %s', (_, act, wasStopped) => {
    vi.useFakeTimers();
    const world = shared();
    world.interrupts.begin(1000);
    world.interrupts.mask(false);
    act(world);
    world.interrupts.end();
    world.interrupts.request();
    expect(world.interrupts.wasStopped).toBe(wasStopped);
    world.interrupts.begin(1000);
    world.interrupts.end();
    expect(world.interrupts.wasStopped).toBe(false);
    vi.useRealTimers();
  });

  test('the time of a person who is asked is not counted', () => {
    vi.useFakeTimers();
    const interrupts = createInterrupts(
      null,
      () => undefined,
      () => undefined,
    );
    interrupts.begin(1000);
    interrupts.mask(false);
    vi.advanceTimersByTime(600);
    const isAnswered = interrupts.waitForPerson();
    vi.advanceTimersByTime(3_600_000);
    interrupts.look();
    expect(interrupts.isTimedOut).toBe(false);
    isAnswered();
    expect(interrupts.remainingMs()).toBe(400);
    vi.advanceTimersByTime(400);
    interrupts.look();
    expect(interrupts.isTimedOut).toBe(true);
    vi.useRealTimers();
  });

  test('a wait that takes a while is told when it begins and when it ends; a short one, and one for a person, is not', () => {
    const told: boolean[] = [];
    const interrupts = createInterrupts(
      null,
      () => undefined,
      (isWaiting) => told.push(isWaiting),
    );
    interrupts.begin(60_000);
    interrupts.beginWait(249)();
    interrupts.waitForPerson()();
    expect(told).toEqual([]);
    const endSleep = interrupts.beginWait(250);
    expect(told).toEqual([true]);
    endSleep();
    expect(told).toEqual([true, false]);
    const endFirst = interrupts.beginWait();
    expect(told).toEqual([true, false, true]);
    // It lost a race: its end comes while another waits, or in the next run.
    const endSecond = interrupts.beginWait(5_000);
    endFirst();
    expect(told).toEqual([true, false, true, true]);
    interrupts.begin(60_000);
    endSecond();
    expect(told).toEqual([true, false, true, true]);
  });

  test('between runs nothing interrupts', () => {
    const { words, interrupts } = shared();
    interrupts.begin(1000);
    interrupts.end();
    words[STOP.interruptIndex] = STOP.interrupt;
    expect(interrupts.buffer[0]).toBe(0);
  });
});
