import { describe, expect, it } from 'vitest';
import { MAILBOX, MAILBOX_FLOAT, MAILBOX_HEADER_BYTES } from '../contracts/mailbox.ts';
import { FileRelay } from './file-relay.ts';
import { writeAnswer } from './mailbox-answer.ts';

function makeRelay(mailbox: SharedArrayBuffer | null) {
  const asked: [number, unknown][] = [];
  const told: unknown[] = [];
  let overflows = 0;
  const relay = new FileRelay({
    mailbox,
    ask: (id, operation) => asked.push([id, operation]),
    tellWorker: (message) => told.push(message),
    onOverflow: () => overflows++,
  });
  return { relay, asked, told, overflows: () => overflows };
}

describe('FileRelay', () => {
  it('asks one after another and answers by the id that the worker gave', () => {
    const { relay, asked, told } = makeRelay(null);
    relay.add({ kind: 'file', id: 'a', operation: 1 });
    relay.add({ kind: 'file', id: 'b', operation: 2 });
    expect(asked).toEqual([[1, 1]]);
    relay.answer(1, { ok: true });
    expect(asked).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(told).toEqual([{ kind: 'fileAnswer', id: 'a', answer: { ok: true } }]);
  });

  it('ignores an answer that nobody waits for', () => {
    const { relay, asked, told } = makeRelay(null);
    relay.answer(1, { ok: true });
    relay.add({ kind: 'file', id: 'a', operation: 1 });
    relay.answer(9, { ok: true });
    expect(told).toEqual([]);
    expect(asked).toHaveLength(1);
  });

  it('gives up on a worker that asks a thousand times ahead', () => {
    const { relay, overflows } = makeRelay(null);
    for (let i = 0; i < 1001; i++) relay.add({ kind: 'file', operation: i });
    expect(overflows()).toBe(1);
  });
});

describe('writeAnswer', () => {
  const read = (mailbox: SharedArrayBuffer) => {
    const words = new Int32Array(mailbox, 0, 16);
    const floats = new Float64Array(mailbox, 0, 8);
    const bytes = new Uint8Array(mailbox, MAILBOX_HEADER_BYTES, words[MAILBOX.bytes] ?? 0);
    const text = new TextDecoder().decode(new Uint8Array(bytes));
    return { answered: words[0], errno: words[1], isDirectory: words[2], size: floats[4], at: floats[5], text };
  };

  it('writes stat in words and floats, beyond 32 bits', () => {
    const mailbox = new SharedArrayBuffer(MAILBOX_HEADER_BYTES + 16);
    const stat = { path: 'x', kind: 'directory', sizeBytes: 2 ** 40, modifiedAtMs: 1_700_000_000_123 } as const;
    writeAnswer(mailbox, { ok: true, stat });
    expect(read(mailbox)).toMatchObject({
      answered: 1,
      errno: 0,
      isDirectory: 1,
      size: 2 ** 40,
      at: 1_700_000_000_123,
    });
    expect(MAILBOX_FLOAT.size * 8).toBeGreaterThanOrEqual((MAILBOX.bytes + 1) * 4);
  });

  it('cuts bytes to the window and refuses a list beyond it', () => {
    const mailbox = new SharedArrayBuffer(MAILBOX_HEADER_BYTES + 4);
    writeAnswer(mailbox, { ok: true, bytes: new TextEncoder().encode('abcdef') });
    expect(read(mailbox)).toMatchObject({ errno: 0, text: 'abcd' });
    writeAnswer(mailbox, { ok: true, entries: [{ path: 'long', kind: 'file', sizeBytes: 0, modifiedAtMs: 0 }] });
    expect(read(mailbox)).toMatchObject({ errno: 8, text: '' });
    writeAnswer(mailbox, { ok: false, errno: 'ENOENT' });
    expect(read(mailbox)).toMatchObject({ errno: 1 });
  });
});
