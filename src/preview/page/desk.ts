import { closedFor, type PreviewRequest, type SocketEvent } from '../../contracts/preview.ts';
import { parseFromPreview } from '../parse.ts';
import type { FromPreview, PreviewAnswer, StreamedEvent, ToPreview } from '../messages.ts';

/** How many questions of a page are on their way at once, answers that come in pieces among them; others wait here. */
const AT_ONCE = 12;

/** The frame's end of its one port: questions and their answers, websockets and what happens on them. */
export class Desk {
  readonly #port: MessagePort;
  readonly #waiting = new Map<number, (answer: PreviewAnswer) => void>();
  readonly #streams = new Map<number, (event: StreamedEvent) => void>();
  readonly #sockets = new Map<number, (event: SocketEvent) => void>();
  readonly #line: (() => void)[] = [];
  /** As the host knows them. */
  onCookies: (cookies: string) => void = () => undefined;
  #lastId = 0;

  constructor(port: MessagePort, onPage: (page: ToPreview & { op: 'page' }) => void) {
    this.#port = port;
    port.onmessage = ({ data }: MessageEvent<ToPreview>) => {
      if (data.op === 'page') return onPage(data);
      if (data.op === 'cookies') return this.onCookies(data.cookies);
      if (data.op === 'stream') {
        const told = this.#streams.get(data.id);
        if (data.event.kind === 'closed') this.#endStream(data.id);
        return told?.(data.event);
      }
      if (data.op === 'socket') {
        const told = this.#sockets.get(data.id);
        if (data.event.kind === 'closed') this.#sockets.delete(data.id);
        return told?.(data.event);
      }
      const settle = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      this.#line.shift()?.();
      settle?.(data.answer);
    };
  }

  get #isFull(): boolean {
    return this.#waiting.size + this.#streams.size >= AT_ONCE;
  }

  ask(request: PreviewRequest): Promise<PreviewAnswer> {
    return new Promise((settle) => {
      const begin = (): void => {
        const id = ++this.#lastId;
        if (this.tell({ op: 'ask', id, request })) return void this.#waiting.set(id, settle);
        this.#line.shift()?.();
        settle({ kind: 'failed', error: { code: 'preview/too-large' } });
      };
      if (this.#isFull) this.#line.push(begin);
      else begin();
    });
  }

  /** Asks for an answer as it comes; what is given ends it, and nothing is told from then on. */
  stream(request: PreviewRequest, onEvent: (event: StreamedEvent) => void): () => void {
    const id = ++this.#lastId;
    let isEnded = false;
    const begin = (): void => {
      if (isEnded) return this.#line.shift()?.();
      this.#streams.set(id, onEvent);
      if (this.tell({ op: 'stream-open', id, request })) return;
      this.#endStream(id);
      onEvent(closedFor('preview/too-large'));
    };
    if (this.#isFull) this.#line.push(begin);
    else begin();
    return () => {
      isEnded = true;
      if (!this.#streams.has(id)) return;
      this.tell({ op: 'stream-close', id });
      this.#endStream(id);
    };
  }

  #endStream(id: number): void {
    if (this.#streams.delete(id)) this.#line.shift()?.();
  }

  openSocket(path: string, protocols: readonly string[], onEvent: (event: SocketEvent) => void): number {
    const id = ++this.#lastId;
    this.#sockets.set(id, onEvent);
    this.tell({ op: 'socket-open', id, path, protocols });
    return id;
  }

  /** False for what is beyond a bound, or nothing that the host takes: it would close the page. */
  tell(message: FromPreview): boolean {
    if (!parseFromPreview(message)) return false;
    this.#port.postMessage(message);
    return true;
  }
}
