import { bulkhead, type BulkheadPolicy, isBulkheadRejectedError } from 'cockatiel';
import { fail, ok, type Result } from '../../base/index.ts';
import type { PreviewWatch } from '../../contracts/doors/previews-policy.ts';
import { type AppError, appError } from '../../contracts/errors.ts';
import type { SessionId } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import {
  closedFor,
  CONNECTIONS_FULL,
  type EngineSocket,
  type EngineStream,
  type EngineWeb,
  type PreviewRequest,
  type PreviewResponse,
  type SocketEvent,
  type StreamEvent,
} from '../../contracts/preview.ts';
import type { Runner, RunnerSession } from '../../contracts/runner.ts';
import type { SessionPool } from '../../execution/index.ts';
import { PreviewEvents } from './preview-events.ts';
import { shownPorts } from './shown-ports.ts';

export interface PreviewServiceOptions {
  /** The machine that programs of a session use, whether it stands or not. Rejects where that is not known. */
  readonly inUse: (sessionId: SessionId) => Promise<MachineInUse | undefined>;
  readonly pool: Pick<SessionPool, 'holdStanding' | 'engineOf'>;
  /** Called with true when the first preview keeps a machine, with false when none does any more. */
  readonly onBusy: (isBusy: boolean) => void;
}

export interface MachineInUse {
  readonly runner: Runner;
  /** Under which its engine is kept. */
  readonly sessionId: SessionId;
  /** Those that a preview may show; none: all of them. */
  readonly ports: readonly number[];
}

interface HeldWeb {
  readonly session: RunnerSession;
  readonly web: EngineWeb;
  release(): void;
}

type Target = Extract<PreviewWatch, { kind: 'socket' | 'stream' }>;

/** The servers that programs of all sessions run, for the pages that show them: each reaches those of its own session and no others. */
export class PreviewService {
  readonly #options: PreviewServiceOptions;
  readonly #turns = new Map<SessionId, BulkheadPolicy>();
  /** Answers that come in pieces among them: they take the same room. */
  readonly #sockets = new Map<string, EngineSocket | EngineStream | null>();
  #held = 0;

  constructor(options: PreviewServiceOptions) {
    this.#options = options;
  }

  async servers(sessionId: SessionId, signal: AbortSignal): Promise<Result<readonly number[], AppError>> {
    const held = await this.#hold(sessionId);
    if (held === null) return ok([]);
    const told = new AbortController();
    let found: readonly number[] = [];
    try {
      const hear = (ports: readonly number[]): void => {
        found = ports;
        told.abort();
      };
      await held.web.watchServers(hear, { signal: AbortSignal.any([signal, told.signal]) });
      return ok(found);
    } finally {
      held.release();
    }
  }

  async fetch(
    sessionId: SessionId,
    port: number,
    request: PreviewRequest,
    signal: AbortSignal,
  ): Promise<Result<PreviewResponse, AppError>> {
    const turns = this.#turnsOf(sessionId);
    try {
      return await turns.execute(() => this.#fetch(sessionId, port, request, signal));
    } catch (error) {
      if (isBulkheadRejectedError(error)) return fail(appError('run/queue-full'));
      throw error;
    } finally {
      // Nobody is at work any more: a session that is not previewed leaves nothing here.
      if (turns.executionSlots === LIMITS.previewRequestsAtOnce.standard) this.#turns.delete(sessionId);
    }
  }

  /** Which servers there are, for one page, until it reads no more. */
  watchServers(sessionId: SessionId): PreviewEvents {
    const ending = new AbortController();
    const events = new PreviewEvents({ onSent: () => undefined, onLeft: () => ending.abort() });
    let told: string | null = null;
    const tell = (ports: readonly number[]): void => {
      if (ports.join() !== told) events.add({ kind: 'servers', ports });
      told = ports.join();
    };
    void this.#watch(sessionId, tell, ending.signal);
    return events;
  }

  /** A new websocket or request, and what comes of it; null where one of this id is or was there: none is opened twice. */
  open({ sessionId, socketId, after, ...target }: Target): PreviewEvents | null {
    if (after > 0 || this.#sockets.has(socketId)) return null;
    const events = new PreviewEvents({
      onSent: (bytes) => this.#sockets.get(socketId)?.taken(bytes),
      onLeft: () => {
        const socket = this.#sockets.get(socketId);
        this.#sockets.delete(socketId);
        socket?.end();
      },
    });
    const refuse = (reason: string): void => {
      this.#sockets.delete(socketId);
      events.add(closedFor(reason));
    };
    if (this.#sockets.size >= LIMITS.previewSockets.standard) {
      refuse(CONNECTIONS_FULL);
      return events;
    }
    this.#sockets.set(socketId, null);
    this.#hold(sessionId).then(
      (held) => {
        if (held === null) return refuse('no Linux runs for this conversation');
        if (!this.#sockets.has(socketId)) return held.release();
        const hear = (event: SocketEvent | StreamEvent): void => {
          events.add(event);
          if (event.kind !== 'closed') return;
          this.#sockets.delete(socketId);
          held.release();
        };
        const { web } = held;
        const socket = target.kind === 'socket' ? web.openSocket(target, hear) : web.openStream(target, hear);
        this.#sockets.set(socketId, socket);
      },
      () => refuse('the session is not known'),
    );
    return events;
  }

  async send(socketId: string, data: string | Uint8Array): Promise<Result<null, AppError>> {
    const socket = this.#sockets.get(socketId);
    if (!socket || !('send' in socket)) return fail(appError('preview/broke-off', 'this websocket is closed'));
    await socket.send(data);
    return ok(null);
  }

  closeSocket(socketId: string, code: number | null, reason: string): Result<null, AppError> {
    const socket = this.#sockets.get(socketId);
    if (socket && 'close' in socket) socket.close(code, reason);
    return ok(null);
  }

  async #fetch(
    sessionId: SessionId,
    port: number,
    request: PreviewRequest,
    signal: AbortSignal,
  ): Promise<Result<PreviewResponse, AppError>> {
    const held = await this.#hold(sessionId);
    if (held === null) return fail(appError('preview/no-machine'));
    try {
      return await held.web.fetch(port, request, { signal });
    } finally {
      held.release();
    }
  }

  /** A machine that comes, or is used from now on, is joined within a second; one that goes leaves no servers behind. */
  async #watch(sessionId: SessionId, tell: (ports: readonly number[]) => void, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const held = await this.#hold(sessionId).catch(() => null); // asked again in a second
      if (held !== null) await this.#watchWhileUsed(sessionId, held, tell, signal);
      held?.release();
      if (signal.aborted) return;
      tell([]);
      await new Promise((settle) => setTimeout(settle, LIMITS.previewServersEveryMs.standard));
    }
  }

  async #watchWhileUsed(
    sessionId: SessionId,
    { web, session }: HeldWeb,
    tell: (ports: readonly number[]) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const { inUse, pool } = this.#options;
    const left = new AbortController();
    const look = async (): Promise<void> => {
      const used = await inUse(sessionId);
      if (used !== undefined && pool.engineOf(used.runner, used.sessionId) !== session) left.abort();
    };
    // What is not known now is asked again in a second.
    const looking = setInterval(() => void look().catch(() => undefined), LIMITS.previewServersEveryMs.standard);
    await web.watchServers(tell, { signal: AbortSignal.any([signal, left.signal]) });
    clearInterval(looking);
  }

  async #hold(sessionId: SessionId): Promise<HeldWeb | null> {
    const used = await this.#options.inUse(sessionId);
    const held = used === undefined ? null : this.#options.pool.holdStanding(used.runner, used.sessionId);
    const web = held?.session.web;
    if (used === undefined || held === null || web === undefined) {
      held?.release();
      return null;
    }
    this.#count(1);
    let isHeld = true;
    const release = (): void => {
      if (!isHeld) return;
      isHeld = false;
      held.release();
      this.#count(-1);
    };
    return { session: held.session, web: shownPorts(web, used.ports), release };
  }

  #count(by: 1 | -1): void {
    this.#held += by;
    if (this.#held === Math.max(0, by)) this.#options.onBusy(by === 1);
  }

  #turnsOf(sessionId: SessionId): BulkheadPolicy {
    const known = this.#turns.get(sessionId);
    if (known !== undefined) return known;
    const turns = bulkhead(LIMITS.previewRequestsAtOnce.standard, LIMITS.previewRequestsWaiting.standard);
    this.#turns.set(sessionId, turns);
    return turns;
  }
}
