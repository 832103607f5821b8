import { fail, ok, type Result } from '../base/index.ts';
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
  /** Has the other side started if it is away; settles when that was tried. */
  readonly ensureOther: () => Promise<unknown>;
  readonly signal: AbortSignal;
}

export interface WatchRequest<Item> {
  readonly body: { readonly after: number };
  readonly onItem: (item: Item) => void;
  readonly onLost: (error: AppError) => void;
  readonly signal: AbortSignal;
}

interface Pending {
  readonly message: Extract<ClientMessage, { kind: 'request' }>;
  readonly policy: MethodPolicy;
  readonly settle: (answer: Result<unknown, AppError>) => void;
}

interface Watch<Item> {
  readonly request: WatchRequest<Item>;
  seen: number;
}

const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 1_600;

/** The calling end of a door: repeats what was not answered and resumes its streams over any number of links. */
export class DoorClient<Item extends Numbered> {
  readonly #options: DoorClientOptions;
  readonly #clientId = crypto.randomUUID();
  readonly #pending = new Map<string, Pending>();
  readonly #watches = new Map<string, Watch<Item>>();
  #link: DoorLink | null = null;
  #isConnecting = false;
  #lastId = 0;

  constructor(options: DoorClientOptions) {
    this.#options = options;
    options.signal.addEventListener('abort', () => {
      this.#link?.close();
      this.#link = null;
      this.#failPending(() => true, appError('host/lost', 'closed here'));
      this.#watches.clear();
    });
  }

  call(method: string, body: unknown): Promise<Result<unknown, AppError>> {
    const policy = this.#options.methods[method];
    if (policy === undefined) return Promise.resolve(fail(appError('door/forbidden', method)));
    if (this.#options.signal.aborted) return Promise.resolve(fail(appError('host/lost', 'closed here')));
    const id = this.#nextId();
    return new Promise((resolve) => {
      const deadline = setTimeout(() => {
        this.#send({ kind: 'cancel', id });
        entry.settle(fail(appError('door/deadline', method)));
      }, policy.deadlineMs);
      const entry: Pending = {
        message: { kind: 'request', id, method, body },
        policy,
        settle: (answer) => {
          clearTimeout(deadline);
          if (this.#pending.delete(id)) resolve(answer);
        },
      };
      this.#pending.set(id, entry);
      this.#sendRequest(entry);
    });
  }

  watch(request: WatchRequest<Item>): void {
    if (request.signal.aborted || this.#options.signal.aborted) return;
    const id = this.#nextId();
    const watch: Watch<Item> = { request, seen: request.body.after };
    this.#watches.set(id, watch);
    request.signal.addEventListener('abort', () => {
      if (this.#watches.delete(id)) this.#send({ kind: 'unwatch', id });
    });
    this.#sendWatch(id, watch);
  }

  #nextId(): string {
    this.#lastId += 1;
    return String(this.#lastId);
  }

  #hasWork = (): boolean => this.#pending.size > 0 || this.#watches.size > 0;

  #send(message: ClientMessage): void {
    void this.#link?.channel.send(message);
  }

  #sendRequest(entry: Pending): void {
    if (this.#link === null) return void this.#connect();
    // A link that breaks meanwhile repeats the request; a message that is too large never gets through.
    void this.#link.channel.send(entry.message).then((sent) => {
      if (!sent.ok && sent.error.code === 'files/too-large') entry.settle(sent);
    });
  }

  #sendWatch(id: string, watch: Watch<Item>): void {
    if (this.#link === null) return void this.#connect();
    this.#send({ kind: 'watch', id, body: { ...watch.request.body, after: watch.seen } });
  }

  async #connect(): Promise<void> {
    if (this.#isConnecting) return;
    this.#isConnecting = true;
    const { signal } = this.#options;
    const giveUpAt = performance.now() + LIMITS.hostSearchMs.standard;
    let waitMs = FIRST_WAIT_MS;
    while (!signal.aborted && this.#hasWork()) {
      const shouldStart =
        this.#watches.size > 0 || [...this.#pending.values()].some((entry) => entry.policy.whenAway === 'start');
      // A background that does not answer must not keep us from a host that lives.
      if (shouldStart) await Promise.race([this.#options.ensureOther(), pause(LIMITS.helloMs.standard, signal)]);
      const link = await this.#open();
      if (link === 'gone') {
        this.#failAll(appError('host/lost'));
        break;
      }
      if (link !== null && !signal.aborted) {
        this.#link = link;
        break;
      }
      link?.close();
      const unavailable = appError('host/unavailable');
      this.#failPending((entry) => entry.policy.whenAway === 'fail', unavailable);
      if (performance.now() > giveUpAt) {
        this.#failAll(unavailable);
        break;
      }
      await pause(waitMs, signal);
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
    }
    this.#isConnecting = false;
    if (this.#link !== null) this.#resume();
  }

  #open(): Promise<DoorLink | null | 'gone'> {
    return openDoorLink({
      door: this.#options.door,
      clientId: this.#clientId,
      connect: this.#options.connect,
      hasWork: this.#hasWork,
      checks: this.#options.checks,
      onMessage: (message) => this.#receive(message),
      onLost: () => this.#relink(),
    });
  }

  #relink(): void {
    this.#link?.close();
    this.#link = null;
    if (this.#hasWork()) void this.#connect();
  }

  #resume(): void {
    for (const entry of this.#pending.values()) this.#sendRequest(entry);
    for (const [id, watch] of this.#watches) this.#sendWatch(id, watch);
  }

  #failPending(which: (entry: Pending) => boolean, error: AppError): void {
    for (const entry of [...this.#pending.values()]) if (which(entry)) entry.settle(fail(error));
  }

  #failAll(error: AppError): void {
    this.#failPending(() => true, error);
    for (const id of [...this.#watches.keys()]) this.#lose(id, error);
  }

  #lose(id: string, error: AppError): void {
    const watch = this.#watches.get(id);
    this.#watches.delete(id);
    watch?.request.onLost(error);
  }

  #receive(message: ServerMessage): void {
    switch (message.kind) {
      case 'answer': {
        const entry = this.#pending.get(message.id);
        if (entry === undefined) return;
        const isGood = this.#options.checks?.isAnswer(entry.message.method, message.value) !== false;
        return entry.settle(isGood ? ok(message.value) : fail(appError('door/bad-message', entry.message.method)));
      }
      case 'refusal':
        this.#pending.get(message.id)?.settle(fail(appError(message.error.code, message.error.detail)));
        return;
      case 'items':
        return this.#receiveItems(message.id, message.batch, message.items);
      case 'done':
        this.#watches.delete(message.id);
        return;
      case 'lost':
        return this.#lose(message.id, appError(message.error.code, message.error.detail));
      case 'hello':
      case 'pong':
        return;
    }
  }

  #receiveItems(id: string, batch: number, items: readonly unknown[]): void {
    for (const raw of items) {
      const watch = this.#watches.get(id);
      if (watch === undefined) return;
      if (this.#options.checks?.isAnswer(null, raw) === false)
        return this.#lose(id, appError('door/bad-message', 'item'));
      const item = raw as Item;
      if (item.n <= watch.seen) continue;
      // A hole means that the two ends disagree; a new link asks again from the last item that was handled.
      if (item.n > watch.seen + 1) return this.#relink();
      watch.seen = item.n;
      watch.request.onItem(item);
    }
    this.#send({ kind: 'seen', id, batch });
  }
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
