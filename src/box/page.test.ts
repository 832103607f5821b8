import { afterEach, expect, test, vi } from 'vitest';
import { STOP } from '../contracts/mailbox.ts';
import { BOX_CONNECT, type ToBox } from './messages.ts';
import { startBoxPage } from './page.ts';

afterEach(() => vi.unstubAllGlobals());

/** What a worker of the browser is asked, with what it would find in the memory that it shares at that moment. */
class HeardWorker {
  static readonly heard: { readonly kind: string; readonly stopWords: readonly number[] }[] = [];
  #stop: SharedArrayBuffer | null = null;

  postMessage(message: { readonly kind: string; readonly stop?: SharedArrayBuffer }): void {
    this.#stop ??= message.stop ?? null;
    const stopWords = this.#stop === null ? [] : [...new Int32Array(this.#stop)];
    HeardWorker.heard.push({ kind: message.kind, stopWords });
  }
}

test('a worker that a stop wakes finds in shared memory that it shall stop', async () => {
  vi.stubGlobal('Worker', HeardWorker);
  const scope = Object.assign(new EventTarget(), {
    origin: 'null',
    crossOriginIsolated: true,
    parent: { postMessage: () => undefined },
  });
  startBoxPage(scope as unknown as Window & typeof globalThis);
  const { port1: host, port2 } = new MessageChannel();
  const connect = new MessageEvent('message', { data: { op: BOX_CONNECT }, ports: [port2] });
  Object.defineProperty(connect, 'source', { value: scope.parent });
  scope.dispatchEvent(connect);
  const part: ToBox = {
    op: 'part',
    engine: 'any',
    stage: 0,
    isLast: true,
    opensPosts: true,
    files: [],
    modules: [],
  };
  host.postMessage(part);
  const heard = async (kind: string) =>
    vi.waitFor(() => {
      const found = HeardWorker.heard.find((one) => one.kind === kind);
      if (!found) throw new Error(`no ${kind} yet`);
      return found;
    });
  expect((await heard('engine')).stopWords[STOP.interruptIndex]).toBe(0);
  host.postMessage({ op: 'interrupt' } satisfies ToBox);
  expect((await heard('interrupt')).stopWords[STOP.interruptIndex]).toBe(STOP.interrupt);
  host.postMessage({ op: 'settle' } satisfies ToBox);
  host.close();
});
