import { afterEach, expect, test, vi } from 'vitest';
import type { SessionId } from '../contracts/ids.ts';
import type { FileReply, FileRequest } from './file-messages.ts';
import { openWorkspace } from './open-workspace.ts';

/** What Node does not have: a worker of the browser, which starts or fails to. */
class PlayedWorker {
  static readonly made: PlayedWorker[] = [];
  onmessage: ((event: { readonly data: FileReply }) => void) | null = null;
  onerror: ((event: { readonly message: string }) => void) | null = null;
  readonly asked: FileRequest[] = [];
  isEnded = false;
  constructor() {
    PlayedWorker.made.push(this);
  }
  postMessage(request: FileRequest): void {
    this.asked.push(request);
  }
  terminate(): void {
    this.isEnded = true;
  }
}

const ending = new AbortController();
afterEach(() => {
  ending.abort();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test('where the file worker fails, every operation is answered, and a later one starts another worker', async () => {
  vi.stubGlobal('Worker', PlayedWorker);
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const files = openWorkspace({ signal: ending.signal }).filesOf('s' as SessionId);
  const [first] = PlayedWorker.made;
  const one = files.perform({ op: 'stat', path: '' });
  await expect.poll(() => first?.asked).toHaveLength(1);
  first?.onerror?.({ message: 'not found' });
  expect(await one).toEqual({ ok: false, errno: 'EIO' });
  expect(first?.isEnded).toBe(true);

  const two = files.perform({ op: 'stat', path: '' });
  await expect.poll(() => PlayedWorker.made[1]?.asked).toHaveLength(1);
  PlayedWorker.made[1]?.onerror?.({ message: 'not found' });
  expect(await two).toEqual({ ok: false, errno: 'EIO' });

  const three = files.perform({ op: 'stat', path: '' });
  await expect.poll(() => PlayedWorker.made[2]?.asked).toHaveLength(1);
  const [request] = PlayedWorker.made[2]?.asked ?? [];
  PlayedWorker.made[2]?.onmessage?.({ data: { id: request?.id ?? 0, answer: { ok: true } } });
  expect(await three).toEqual({ ok: true });
  ending.abort();
  expect(PlayedWorker.made.map(({ isEnded }) => isEnded)).toEqual([true, true, true]);
});
