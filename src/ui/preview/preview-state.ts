import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { PreviewsDoor } from '../../contracts/doors/previews.ts';
import type { AppError } from '../../contracts/errors.ts';
import type { SessionId } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { PreviewRequest } from '../../contracts/preview.ts';
import { Courier, Kept, originOf, PreviewFrames } from '../../preview/index.ts';
import { PREVIEW_TEXTS } from './texts.ts';

const T = PREVIEW_TEXTS;
const MOST_VISITS = 100;
/** Of what was sent with a visit; one with more is not gone back to. */
const KEPT_BYTES = 1_000_000;

export interface PreviewOptions {
  readonly door: PreviewsDoor;
  readonly sessionId: SessionId;
  readonly pageUrl: string;
  /** Ends what is drawn; the servers themselves go on. */
  readonly signal: AbortSignal;
}

export type Shown =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'page' }
  | { readonly kind: 'failed'; readonly error: AppError };

const getOf = (path: string): PreviewRequest => ({ method: 'GET', path, headers: [], body: null });

/** The preview of a session's servers: which there are, what is shown of one, and where it was before. */
export class PreviewState {
  readonly servers: Signal<readonly number[]> = signal([]);
  readonly port: Signal<number | null> = signal(null);
  readonly address: Signal<string> = signal('/');
  readonly title: Signal<string> = signal('');
  readonly shown: Signal<Shown> = signal({ kind: 'nothing' });
  readonly said: Signal<string | null> = signal(null);
  readonly isInFront: Signal<boolean> = signal(false);
  /** Where the frame goes. */
  readonly place: HTMLElement;
  readonly #visits: Signal<readonly PreviewRequest[]> = signal([]);
  readonly #at: Signal<number> = signal(-1);
  readonly canGoBack: ReadonlySignal<boolean> = computed(() => this.#at.value > 0);
  readonly canGoForward: ReadonlySignal<boolean> = computed(() => this.#at.value < this.#visits.value.length - 1);
  readonly #options: PreviewOptions;
  readonly #frames: PreviewFrames;
  /** By port. */
  readonly #kept = new Map<number, Kept>();
  #page = new AbortController();
  #watch: AbortController | null = null;

  constructor(options: PreviewOptions, place: HTMLElement) {
    this.#options = options;
    this.place = place;
    const { pageUrl, signal: ended } = options;
    this.#frames = new PreviewFrames({ place, pageUrl, signal: ended });
    options.signal.addEventListener('abort', () => this.#page.abort(), { once: true });
    const view = place.ownerDocument.defaultView;
    view?.document.addEventListener('securitypolicyviolation', (event) => this.#takeLeft(event), options);
    view?.document.addEventListener('visibilitychange', () => this.#follow(), options);
  }

  show(isInFront: boolean): void {
    this.isInFront.value = isInFront;
    if (isInFront) this.#frames.makeAhead();
    this.#follow();
  }

  /** Watched only while a person looks: a machine that is watched does not stand still. */
  #follow(): void {
    if (!this.isInFront.value || this.place.ownerDocument.visibilityState === 'hidden') {
      this.#watch?.abort();
      this.#watch = null;
      return;
    }
    if (this.#watch) return;
    const { door, sessionId, signal: ended } = this.#options;
    this.#watch = new AbortController();
    door.watchServers({
      sessionId,
      onServers: (ports) => this.#takeServers(ports),
      onLost: () => this.#watchAgain(),
      signal: AbortSignal.any([ended, this.#watch.signal]),
    });
  }

  choose(port: number): void {
    if (port === this.port.value) return;
    this.port.value = port;
    this.#visits.value = [];
    this.#at.value = -1;
    this.visit(getOf('/'));
  }

  /** What a person typed: a path, or a whole address of this server. */
  goTo(typed: string): void {
    const url = this.#courier()?.own(typed.trim());
    if (url) this.visit(getOf(url.pathname + url.search));
    else this.said.value = T.badAddress;
  }

  visit(request: PreviewRequest): void {
    const last = this.#visits.value[this.#at.value];
    if (last?.path === request.path && request.method === 'GET' && last.method === 'GET') return this.reload();
    const before = this.#visits.value
      .slice(0, this.#at.value + 1)
      .filter(({ body }) => !body || body.length <= KEPT_BYTES);
    const visits = [...before, request].slice(-MOST_VISITS);
    this.#visits.value = visits;
    this.#at.value = visits.length - 1;
    void this.#load(request);
  }

  step(by: -1 | 1): void {
    const request = this.#visits.value[this.#at.value + by];
    if (!request) return;
    this.#at.value += by;
    this.#loadAgain();
  }

  reload(): void {
    const request = this.#visits.value[this.#at.value];
    if (request) void this.#load(request);
  }

  #takeServers(ports: readonly number[]): void {
    this.servers.value = ports;
    const [first] = ports;
    if (this.port.value === null && first !== undefined) this.choose(first);
    else if (this.shown.value.kind === 'failed' && this.port.value !== null && ports.includes(this.port.value))
      this.#loadAgain();
  }

  /** Without a press on Reload nothing is sent twice. */
  #loadAgain(): void {
    const request = this.#visits.value[this.#at.value];
    if (request?.method === 'GET') void this.#load(request);
    else {
      this.#page.abort();
      this.shown.value = { kind: 'failed', error: { code: 'preview/not-sent-again' } };
    }
  }

  /** The host or the engine went, and may be back. */
  #watchAgain(): void {
    this.servers.value = [];
    this.#watch = null;
    const timer = setTimeout(() => this.#follow(), 1000);
    this.#options.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  }

  #courier(): Courier | null {
    const { door, sessionId } = this.#options;
    const port = this.port.value;
    if (port === null) return null;
    const kept = this.#kept.get(port) ?? new Kept(originOf(port));
    this.#kept.set(port, kept);
    const { signal: gone } = this.#page;
    const onFull = (): void => {
      if (!gone.aborted) this.said.value = T.connectionsFull(LIMITS.previewSockets.standard);
    };
    return new Courier({ door, sessionId, port, kept, onFull, signal: gone });
  }

  async #load(request: PreviewRequest): Promise<void> {
    this.#page.abort();
    this.#page = new AbortController();
    const { signal: gone } = this.#page;
    const courier = this.#courier();
    const port = this.port.value;
    if (!courier || port === null || this.#options.signal.aborted) return;
    this.address.value = request.path;
    this.title.value = '';
    this.said.value = null;
    this.shown.value = { kind: 'asking' };
    const opening = this.#frames.open({
      title: T.frame(port),
      onMessage: (message) =>
        void opening.then((frame) => {
          if (!frame || courier.take(message, frame)) return;
          if (message.op === 'go') this.visit(message.request);
          else if (message.op === 'outside') this.said.value = T.leadsAway(message.address);
          else if (message.op === 'address') this.address.value = message.path;
          else if (message.op === 'shown') this.#takeShown(message.title);
        }),
      onReloaded: () => this.#loadAgain(),
      onMisuse: () => this.#end({ code: 'preview/misused' }),
      signal: gone,
    });
    const [frame, fetched] = await Promise.all([opening, courier.fetch(request)]);
    if (gone.aborted || !frame) return;
    if (!fetched.ok) return this.#end(fetched.error);
    this.address.value = fetched.value.path;
    this.shown.value = { kind: 'page' };
    await courier.show(fetched.value, frame);
  }

  /** The next page of a server gets its frame at once: this one has loaded, and has what it needs. */
  #takeShown(title: string): void {
    this.title.value = title;
    this.#frames.makeAhead();
  }

  /** A script found a way to set the frame's address: the wall of this page stopped it, and the frame shows nothing more. */
  #takeLeft({ effectiveDirective, blockedURI }: SecurityPolicyViolationEvent): void {
    if (effectiveDirective === 'frame-src') this.#end({ code: 'preview/leads-away', detail: blockedURI.slice(0, 200) });
  }

  #end(error: AppError): void {
    if (this.#page.signal.aborted) return;
    this.shown.value = { kind: 'failed', error };
    this.#page.abort();
  }
}
