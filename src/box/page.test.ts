import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { STOP } from '../contracts/mailbox.ts';
import { BOX_CONNECT, type FromBox, type ToBox } from './messages.ts';
import { startBoxPage } from './page.ts';

/** What a worker of the browser is asked, with what it would find in the memory that it shares at that moment. */
class HeardWorker {
  static readonly heard: { readonly kind: string; readonly stopWords: readonly number[] }[] = [];
  static readonly made: HeardWorker[] = [];
  readonly kinds: string[] = [];
  isEnded = false;
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  #stop: SharedArrayBuffer | null = null;

  constructor() {
    HeardWorker.made.push(this);
  }

  terminate(): void {
    this.isEnded = true;
  }

  postMessage(message: { readonly kind: string; readonly stop?: SharedArrayBuffer }): void {
    this.#stop ??= message.stop ?? null;
    const stopWords = this.#stop === null ? [] : [...new Int32Array(this.#stop)];
    this.kinds.push(message.kind);
    HeardWorker.heard.push({ kind: message.kind, stopWords });
  }
}

beforeEach(() => {
  HeardWorker.made.length = 0;
  HeardWorker.heard.length = 0;
  vi.stubGlobal('Worker', HeardWorker);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** The host's end of the port of a box page. */
function connected(): MessagePort {
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
  return host;
}

test('a worker that a stop wakes finds in shared memory that it shall stop', async () => {
  const host = connected();
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

const rehearsed = (lastKind: string): ToBox => ({
  op: 'compile',
  engine: 'any',
  files: [],
  modules: [],
  rehearsal: { script: '', posts: [{ kind: 'initialize' }, { kind: 'execute' }], lastKind },
});
const rehearsing = (): Promise<HeardWorker> =>
  vi.waitFor(() => {
    const [, worker] = HeardWorker.made;
    expect(worker?.kinds).toEqual(['box', 'script', 'engine', 'initialize', 'execute']);
    return worker as HeardWorker;
  });

test('an engine is rehearsed in a worker that ends with its last message, and nothing of it leaves the page', async () => {
  const host = connected();
  const said = vi.fn();
  host.onmessage = said;
  host.postMessage(rehearsed('result'));
  const worker = await rehearsing();
  worker.onmessage?.({ data: { kind: 'output' } });
  expect(worker.isEnded).toBe(false);
  worker.onmessage?.({ data: { kind: 'result' } });
  expect(worker.isEnded).toBe(true);
  host.postMessage({ op: 'beat' } satisfies ToBox);
  await vi.waitFor(() => expect(said.mock.calls.map(([{ data }]) => data as unknown)).toEqual([{ op: 'beat' }]));
  expect(HeardWorker.made.map(({ isEnded }) => isEnded)).toEqual([false, true]);
  host.close();
});

test('a start ends a rehearsal that is under way', async () => {
  const host = connected();
  host.postMessage(rehearsed('result'));
  const worker = await rehearsing();
  host.postMessage({ op: 'start', script: '' } satisfies ToBox);
  await vi.waitFor(() => expect(worker.isEnded).toBe(true));
  host.close();
});

test('nothing is rehearsed in a box that was taken meanwhile', async () => {
  const host = connected();
  const said = vi.fn();
  host.onmessage = said;
  host.postMessage({ op: 'start', script: '' } satisfies ToBox);
  host.postMessage(rehearsed('result'));
  host.postMessage({ op: 'beat' } satisfies ToBox);
  await vi.waitFor(() => expect(said).toHaveBeenCalledTimes(1));
  expect(HeardWorker.made).toHaveLength(1);
  host.close();
});

test('a word of the host earns what its worker says more deliveries, unless it answers the worker', async () => {
  vi.spyOn(performance, 'now').mockReturnValue(0); // no time passes in which it would earn some
  const host = connected();
  const said: unknown[] = [];
  host.onmessage = ({ data }: MessageEvent<FromBox>) => {
    if (data.op === 'beat') return said.push('beat');
    if (data.op === 'batch') said.push(...data.messages);
    return host.postMessage({ op: 'took', units: 0 } satisfies ToBox);
  };
  const post = (isAnswer: boolean): void =>
    host.postMessage({ op: 'post', message: null, transfer: [], isAnswer } satisfies ToBox);
  const heard = async (): Promise<unknown[]> => {
    host.postMessage({ op: 'beat' } satisfies ToBox);
    await vi.waitFor(() => expect(said.at(-1)).toBe('beat'));
    said.pop();
    return said.splice(0);
  };
  for (const number of [1, 2, 3, 4, 5, 6, 7, 8, 9]) {
    HeardWorker.made[0]?.onmessage?.({ data: number });
    if (number < 9) expect(await heard()).toEqual([number]);
  }
  post(true);
  expect(await heard()).toEqual([]);
  post(false);
  expect(await heard()).toEqual([9]);
  host.close();
});
