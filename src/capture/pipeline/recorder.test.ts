import { describe, expect, it } from 'vitest';
import { createFakeSettings } from '../../../tests/support/fake-settings-door.ts';
import type { Envelope } from '../../interception/envelope.ts';
import { sizeOf } from './frame.ts';
import { createRecorder } from './recorder.ts';

const frameOf = (envelope: Envelope) => ({ envelope, receivedAtMs: envelope.seq, size: sizeOf(envelope) });
const socket = (seq: number, data: string | Uint8Array = String(seq)) =>
  frameOf({ v: 1, seq, kind: 'socket', socket: 1, url: 'wss://x', direction: 'in', data });

describe('a recorder', () => {
  it('hands out what it kept in its order, bytes in base64', () => {
    const recorder = createRecorder();
    recorder.keep(frameOf({ v: 1, seq: 1, kind: 'chunk', stream: 3, bytes: new Uint8Array([104, 105]) }));
    recorder.keep(frameOf({ v: 1, seq: 2, kind: 'health', counts: {} }));
    recorder.keep(frameOf({ v: 1, seq: 3, kind: 'end', stream: 3, how: 'complete' }));
    recorder.keep(socket(4));
    recorder.keep(socket(5, new Uint8Array([104])));
    expect(recorder.read()).toMatchObject([
      { atMs: 1, kind: 'chunk', stream: 3, base64: 'aGk=' },
      { atMs: 3, kind: 'end', stream: 3, how: 'complete' },
      { atMs: 4, kind: 'socket', direction: 'in', text: '4' },
      { atMs: 5, kind: 'socket', direction: 'in', base64: 'aA==' },
    ]);
  });

  it('keeps the last twenty thousand frames', () => {
    const recorder = createRecorder();
    for (let seq = 1; seq <= 45_000; seq += 1) recorder.keep(socket(seq));
    const kept = recorder.read();
    expect(kept).toHaveLength(20_000);
    expect(kept[0]?.atMs).toBe(25_001);
    expect(kept.at(-1)?.atMs).toBe(45_000);
  });

  it('keeps four megabytes, and no frame that is larger', () => {
    const recorder = createRecorder();
    for (let seq = 1; seq <= 9; seq += 1) recorder.keep(socket(seq, 'x'.repeat(1_000_000)));
    expect(recorder.read().map(({ atMs }) => atMs)).toEqual([7, 8, 9]);
    recorder.keep(socket(10, 'x'.repeat(5_000_000)));
    expect(recorder.read()).toEqual([]);
    recorder.keep(socket(11));
    expect(recorder.read()).toHaveLength(1);
  });

  it('forgets what it has when it is switched off, and keeps nothing until it is on', async () => {
    const recorder = createRecorder();
    const settings = createFakeSettings();
    recorder.follow(settings, { signal: new AbortController().signal });
    recorder.keep(socket(1));
    await settings.set({ isOn: false });
    recorder.keep(socket(2));
    expect(recorder.read()).toEqual([]);
    await settings.set({ isOn: true });
    recorder.keep(socket(3));
    expect(recorder.read().map(({ atMs }) => atMs)).toEqual([3]);
  });
});
