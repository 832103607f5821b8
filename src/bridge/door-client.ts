import { fail, ok, onAbort, type Result } from '../base/index.ts';
import type { MethodPolicy } from '../contracts/doors/door.ts';
import type { Numbered } from '../contracts/doors/stream.ts';
import { type AppError, appError } from '../contracts/errors.ts';
import { LIMITS } from '../contracts/limits.ts';
import type { RawPort } from '../platform/index.ts';
import type { ClientMessage } from './client-messages.ts';
import { type DoorLink, openDoorLink } from './door-link.ts';
import type { DoorChecks, ServerMessage } from './door-protocol.ts';

export interface DoorClientOptions {
  readonly door: string;
  readonly methods: Readonly<Record<string, MethodPolicy>>;
  /** Without them all is taken as our own host made it (decision 0035). */
  readonly checks?: DoorChecks | undefined;
  readonly connect: () => RawPort;
  /** Has the other side started if it is away, for these calls; settles when that was tried, with `failed` where it could not be. */
  readonly ensureOther: (waiting: readonly WaitingCall[]) => Promise<unknown>;
  readonly signal: AbortSignal;
}

export interface WatchRequest<Item> {
  readonly body: { readonly after: number };
  readonly onItem: (item: Item) => void;
  readonly onLost: (error: AppError) => void;
  readonly signal: AbortSignal;
}

export type WaitingCall = Pick<Extract<ClientMessage, { kind: 'request' }>, 'method' | 'body'>;

interface Pending {
  readonly message: Extract<ClientMessage, { kind: 'request' }>;
  readonly policy: MethodPolicy;
  readonly settle: (answer: Result<unknown, AppError>) => void;
}

interface Watch<Item> {
  readonly request: WatchRequest<Item>;
  /** What a new link is asked for; null until the call is answered that is watched. */
  body: unknown;
  seen: number;
}

const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 1_600;
/** A browser may refuse once, while the host before it is going away; what is refused this often in a row will not come. */
const REFUSALS_MOST = 7;

export interface DoorClient<Item extends Numbered> {
  /** What the call is answered with is `watched` from its first item on, without a second way there and back. */
  call(method: string, body: unknown, watched?: WatchRequest<Item>): Promise<Result<unknown, AppError>>;
  watch(request: WatchRequest<Item>): void;
}

/** The calling end of a door: repeats what was not answered and resumes its streams over any number of links. */
export function createDoorClient<Item extends Numbered>(options: DoorClientOptions): DoorClient<Item> {
  const clientId = crypto.randomUUID();
  const pending = new Map<string, Pending>();
  const watches = new Map<string, Watch<Item>>();
  let current: DoorLink | null = null;
  let isConnecting = false;
  let lastId = 0;

  const nextId = (): string => {
    lastId += 1;
    return String(lastId);
  };

  const hasWork = (): boolean => pending.size > 0 || watches.size > 0;

  const send = (message: ClientMessage): void => {
    void current?.channel.send(message);
  };

  const sendRequest = (entry: Pending): void => {
    if (current === null) return void findLink();
    // A link that breaks meanwhile repeats the request; a message that is too large never gets through.
    void current.channel.send(entry.message).then((sent) => {
      if (!sent.ok && sent.error.code === 'files/too-large') entry.settle(sent);
    });
  };

  const sendWatch = (id: string, { body, seen }: Watch<Item>): void => {
    if (current === null) return void findLink();
    if (body !== null) send({ kind: 'watch', id, body: { ...body, after: seen } });
  };

  const openWatch = (id: string, request: WatchRequest<Item>, body: unknown): Watch<Item> => {
    const watch = { request, body, seen: request.body.after };
    watches.set(id, watch);
    onAbort(request.signal, () => {
      if (watches.delete(id)) send({ kind: 'unwatch', id });
    });
    return watch;
  };

  const answered = (id: string, answer: Result<unknown, AppError>): void => {
    const watch = watches.get(id);
    if (answer.ok && watch !== undefined) {
      watch.body = answer.value;
      return;
    }
    watches.delete(id);
    // Its reader went, or the answer came too late: what the other side streams nobody reads.
    send({ kind: 'unwatch', id });
  };

  /** Has the other side started where something needs it; true where that cannot be. */
  const isRefused = async (): Promise<boolean> => {
    const waiting = [...pending.values()];
    const shouldStart = watches.size > 0 || waiting.some((entry) => entry.policy.whenAway === 'start');
    if (!shouldStart) return false;
    const other = options.ensureOther(waiting.map(({ message }) => message));
    // A background that does not answer must not keep us from a host that lives.
    return (await Promise.race([other, pause(LIMITS.helloMs.standard, options.signal)])) === 'failed';
  };

  const findLink = async (): Promise<void> => {
    if (isConnecting) return;
    isConnecting = true;
    const { signal } = options;
    const giveUpAt = performance.now() + LIMITS.hostSearchMs.standard;
    let waitMs = FIRST_WAIT_MS;
    let refusals = 0;
    while (!signal.aborted && hasWork()) {
      refusals = (await isRefused()) ? refusals + 1 : 0;
      const link = await openLink();
      if (link === 'gone') {
        failAll(appError('host/lost'));
        break;
      }
      if (link !== null && !signal.aborted) {
        current = link;
        break;
      }
      link?.close();
      const unavailable = appError('host/unavailable');
      failPending((entry) => entry.policy.whenAway === 'fail', unavailable);
      if (refusals === REFUSALS_MOST || performance.now() > giveUpAt) {
        failAll(unavailable);
        break;
      }
      await pause(waitMs, signal);
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
    }
    isConnecting = false;
    if (current !== null) resume();
  };

  const openLink = (): Promise<DoorLink | null | 'gone'> => {
    return openDoorLink({
      door: options.door,
      clientId,
      connect: options.connect,
      hasWork,
      checks: options.checks,
      onMessage: receive,
      onLost: relink,
    });
  };

  const relink = (): void => {
    current?.close();
    current = null;
    if (hasWork()) void findLink();
  };

  const resume = (): void => {
    for (const entry of pending.values()) sendRequest(entry);
    for (const [id, watch] of watches) sendWatch(id, watch);
  };

  const failPending = (which: (entry: Pending) => boolean, error: AppError): void => {
    for (const entry of [...pending.values()]) if (which(entry)) entry.settle(fail(error));
  };

  const failAll = (error: AppError): void => {
    failPending(() => true, error);
    for (const id of [...watches.keys()]) lose(id, error);
  };

  const lose = (id: string, error: AppError): void => {
    const watch = watches.get(id);
    watches.delete(id);
    watch?.request.onLost(error);
  };

  const receive = (message: ServerMessage): void => {
    switch (message.kind) {
      case 'answer': {
        const entry = pending.get(message.id);
        if (entry === undefined) return;
        const isGood = options.checks?.isAnswer(entry.message.method, message.value) !== false;
        return entry.settle(isGood ? ok(message.value) : fail(appError('door/bad-message', entry.message.method)));
      }
      case 'refusal':
        pending.get(message.id)?.settle(fail(appError(message.error.code, message.error.detail)));
        return;
      case 'items':
        return receiveItems(message.id, message.batch, message.items);
      case 'done':
        watches.delete(message.id);
        return;
      case 'lost':
        return lose(message.id, appError(message.error.code, message.error.detail));
      case 'hello':
      case 'pong':
        return;
    }
  };

  const receiveItems = (id: string, batch: number, items: readonly unknown[]): void => {
    for (const raw of items) {
      const watch = watches.get(id);
      // Its reader went before the other side had opened it.
      if (watch === undefined) return send({ kind: 'unwatch', id });
      if (options.checks?.isAnswer(null, raw) === false) return lose(id, appError('door/bad-message', 'item'));
      const item = raw as Item;
      if (item.n <= watch.seen) continue;
      // A hole means that the two ends disagree; a new link asks again from the last item that was handled.
      if ((item.from ?? item.n) > watch.seen + 1) return relink();
      watch.seen = item.n;
      watch.request.onItem(item);
    }
    send({ kind: 'seen', id, batch });
  };
  onAbort(options.signal, () => {
    current?.close();
    failPending(() => true, appError('host/lost', 'closed here'));
    watches.clear();
  });

  return {
    call(method, body, watched) {
      const policy = options.methods[method];
      if (policy === undefined) return Promise.resolve(fail(appError('door/forbidden', method)));
      if (options.signal.aborted) return Promise.resolve(fail(appError('host/lost', 'closed here')));
      const id = nextId();
      if (watched?.signal.aborted === false) openWatch(id, watched, null);
      return new Promise((resolve) => {
        const deadline = setTimeout(() => {
          send({ kind: 'cancel', id });
          entry.settle(fail(appError('door/deadline', method)));
        }, policy.deadlineMs);
        const entry: Pending = {
          message: { kind: 'request', id, method, body, ...(watched && { isWatched: true }) },
          policy,
          settle: (answer) => {
            clearTimeout(deadline);
            if (!pending.delete(id)) return;
            if (watched !== undefined) answered(id, answer);
            resolve(answer);
          },
        };
        pending.set(id, entry);
        sendRequest(entry);
      });
    },
    watch(request) {
      if (request.signal.aborted || options.signal.aborted) return;
      const id = nextId();
      sendWatch(id, openWatch(id, request, request.body));
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
