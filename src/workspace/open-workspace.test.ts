import { afterEach, expect, test, vi } from 'vitest';
import { playWorkers } from '../../tests/support/played-worker.ts';
import type { SessionId } from '../contracts/ids.ts';
import type { FileReply, FileRequest } from './file-messages.ts';
import { openWorkspace } from './open-workspace.ts';

const { Played, made } = playWorkers<FileRequest, FileReply>();

const ending = new AbortController();
afterEach(() => {
  ending.abort();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test('where the file worker fails, every operation is answered, and a later one starts another worker', async () => {
  vi.stubGlobal('Worker', Played);
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const files = openWorkspace({ signal: ending.signal }).filesOf('s' as SessionId);
  const [first] = made;
  const one = files.perform({ op: 'stat', path: '' });
  await expect.poll(() => first?.asked).toHaveLength(1);
  first?.onerror?.({ message: 'not found' });
  expect(await one).toEqual({ ok: false, errno: 'EIO' });
  expect(first?.isEnded).toBe(true);

  const two = files.perform({ op: 'stat', path: '' });
  await expect.poll(() => made[1]?.asked).toHaveLength(1);
  made[1]?.onerror?.({ message: 'not found' });
  expect(await two).toEqual({ ok: false, errno: 'EIO' });

  const three = files.perform({ op: 'stat', path: '' });
  await expect.poll(() => made[2]?.asked).toHaveLength(1);
  const [request] = made[2]?.asked ?? [];
  made[2]?.onmessage?.({ data: { id: request?.id ?? 0, answer: { ok: true } } });
  expect(await three).toEqual({ ok: true });
  ending.abort();
  expect(made.map(({ isEnded }) => isEnded)).toEqual([true, true, true]);
});

test('bytes that are written are copied, unless they are handed over', async () => {
  made.length = 0;
  vi.stubGlobal('Worker', Played);
  const files = openWorkspace({ signal: new AbortController().signal }).filesOf('s' as SessionId);
  const bytes = new Uint8Array(8).subarray(2, 4);
  const write = { op: 'write', path: 'f', position: 0, bytes, truncateTo: null } as const;
  void files.perform(write);
  void files.perform(write, { handsOver: true });
  await expect.poll(() => made[0]?.asked).toHaveLength(2);
  const sent = made[0]?.asked.map(({ ask }) =>
    ask.kind === 'perform' && ask.operation.op === 'write' ? ask.operation.bytes : null,
  );
  expect(sent?.[0]?.buffer.byteLength).toBe(2);
  expect(sent?.[1]).toBe(bytes);
});
