import { fail, ok, onAbort, type Result } from '../../base/index.ts';
import type { BoxWorker } from '../../contracts/box.ts';
import { appError, type AppError } from '../../contracts/errors.ts';
import { LIMITS } from '../../contracts/limits.ts';
import {
  closedFor,
  type EngineSocket,
  type EngineStream,
  type EngineWeb as Face,
  type PreviewRequest,
  type PreviewResponse,
  type SocketEvent,
  socketMessageSize,
  type SocketTarget,
  type StreamEvent,
  type StreamTarget,
} from '../../contracts/preview.ts';
import type { ToWorker } from '../../contracts/runner-protocol.ts';
import type { WebNews, WebRequest } from '../../contracts/web-protocol.ts';

const LOST: WebNews = { kind: 'failed', code: 'preview/no-machine', detail: null };

/** The servers of one session's engine. What its worker tells of them is hostile: it is counted, and what is over is over. */
export class EngineWeb implements Face {
  readonly #worker: Pick<BoxWorker, 'post' | 'close'>;
  readonly #open = new Map<number, (news: WebNews) => void>();
  #last = 0;
  #isOver = false;

  constructor(worker: Pick<BoxWorker, 'post' | 'close'>) {
    this.#worker = worker;
  }

  take(id: number, news: WebNews): void {
    this.#open.get(id)?.(news);
  }

  /** The engine is gone. */
  endAll(): void {
    this.#isOver = true;
    for (const hear of [...this.#open.values()]) hear(LOST);
    this.#open.clear();
  }

  fetch(
    port: number,
    request: PreviewRequest,
    { signal }: { readonly signal: AbortSignal },
  ): Promise<Result<PreviewResponse, AppError>> {
    return new Promise((resolve) => {
      const id = this.#begin({ kind: 'fetch', port, request }, (news) => {
        if (news.kind !== 'response' && news.kind !== 'failed') return;
        this.#open.delete(id);
        resolve(answerOf(news));
      });
      onAbort(signal, () => {
        if (!this.#open.delete(id)) return;
        this.#post(id, { kind: 'end' });
        resolve(fail(appError('preview/timed-out')));
      });
    });
  }

  watchServers(
    onServers: (ports: readonly number[]) => void,
    { signal }: { readonly signal: AbortSignal },
  ): Promise<void> {
    return new Promise((resolve) => {
      const id = this.#begin({ kind: 'watch' }, (news) => {
        if (news.kind === 'servers') onServers(news.ports);
        else if (news.kind === 'failed' && this.#open.delete(id)) resolve();
      });
      const leave = (): void => {
        if (this.#open.delete(id)) this.#post(id, { kind: 'end' });
        resolve();
      };
      if (signal.aborted) leave();
      else onAbort(signal, leave);
    });
  }

  openSocket({ port, path, protocols, headers }: SocketTarget, onEvent: (event: SocketEvent) => void): EngineSocket {
    const sending: (() => void)[] = [];
    let ahead = 0;
    const end = (event: SocketEvent): void => {
      this.#open.delete(id);
      for (const settle of sending.splice(0)) settle();
      onEvent(event);
    };
    const pass = (event: Extract<SocketEvent, { kind: 'text' | 'bytes' }>): void => {
      ahead += sizeOf(event);
      if (ahead > LIMITS.previewForgedBytes.standard) return this.#worker.close();
      onEvent(event);
    };
    const id = this.#begin({ kind: 'socket', port, path, protocols, headers }, (news) => {
      if (news.kind === 'open') onEvent(news);
      else if (news.kind === 'text' || news.kind === 'bytes') pass(news);
      else if (news.kind === 'sent') sending.shift()?.();
      else if (news.kind === 'closed') end(news);
      else if (news.kind === 'failed') end(closedFor(news.code));
    });
    const ask = (request: WebRequest): boolean => {
      const isOpen = this.#open.has(id);
      if (isOpen) this.#post(id, request);
      return isOpen;
    };
    return {
      send: (data) => new Promise((settle) => (ask({ kind: 'send', data }) ? sending.push(settle) : settle())),
      close: (code, reason) => void ask({ kind: 'close', code, reason }),
      taken: (bytes) => {
        ahead -= bytes;
        ask({ kind: 'taken', bytes });
      },
      end: () => void ask({ kind: 'end' }),
    };
  }

  openStream({ port, request }: StreamTarget, onEvent: (event: StreamEvent) => void): EngineStream {
    let ahead = 0;
    let hasHead = false;
    const end = (event: Extract<StreamEvent, { kind: 'closed' }>): void => {
      this.#open.delete(id);
      onEvent(event);
    };
    const id = this.#begin({ kind: 'stream', port, request }, (news) => {
      if (news.kind === 'head') {
        if (hasHead) return this.#worker.close();
        hasHead = true;
        onEvent(news);
      } else if (news.kind === 'closed') end(news);
      else if (news.kind === 'failed') end(closedFor(news.code));
      else if (news.kind === 'bytes') {
        ahead += sizeOf(news);
        if (ahead > LIMITS.previewForgedBytes.standard) return this.#worker.close();
        onEvent(news);
      }
    });
    return {
      taken: (bytes) => {
        ahead -= bytes;
        if (this.#open.has(id)) this.#post(id, { kind: 'taken', bytes });
      },
      end: () => {
        if (this.#open.has(id)) this.#post(id, { kind: 'end' });
      },
    };
  }

  #begin(request: WebRequest, hear: (news: WebNews) => void): number {
    this.#last += 1;
    const id = this.#last;
    this.#open.set(id, hear);
    if (!this.#isOver) this.#post(id, request);
    else
      queueMicrotask(() => {
        hear(LOST);
        this.#open.delete(id);
      });
    return id;
  }

  #post(id: number, request: WebRequest): void {
    const message: ToWorker = { kind: 'web', id, request };
    this.#worker.post(message, { isAnswer: request.kind === 'taken' });
  }
}

/** As the worker counts it. */
export const sizeOf = (event: Extract<SocketEvent, { kind: 'text' | 'bytes' }>): number =>
  socketMessageSize(event.kind === 'text' ? event.text : event.bytes);

function answerOf(news: Extract<WebNews, { kind: 'response' | 'failed' }>): Result<PreviewResponse, AppError> {
  if (news.kind === 'failed') return fail(appError(news.code, news.detail ?? undefined));
  const { status, statusText, headers, body } = news;
  return ok({ status, statusText, headers, body });
}
