import {
  type Connect,
  Ending,
  fetchFromGuest,
  type GuestSocket,
  type GuestStreamed,
  listeningPorts,
  openGuestSocket,
  streamFromGuest,
} from '../../../container/web/index.ts';
import { LIMITS } from '../../../contracts/limits.ts';
import type { PreviewRequest, SocketTarget, StreamTarget } from '../../../contracts/preview.ts';
import type { WebFailure, WebNews, WebRequest } from '../../../contracts/web-protocol.ts';
import type { ReadGuestFile } from './stdin.ts';

const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'];

export interface WebOptions {
  readonly connect: Connect;
  readonly readFile: ReadGuestFile;
  /** Has the machine go on, and keeps it from standing still until what is given settles. */
  readonly during: (use: () => Promise<void>) => Promise<void>;
  /** Keeps one that works from standing still until what is given settles; wakes none. */
  readonly stayUp: (use: () => Promise<void>) => Promise<void>;
  readonly isResting: () => boolean;
  readonly tell: (id: number, news: WebNews, transfer?: Transferable[]) => void;
}

interface Open {
  readonly ending: Ending;
  socket: GuestSocket | GuestStreamed | null;
  /** What was asked of a websocket whose machine still wakes. */
  early: Asked[];
}

type Asked = Exclude<WebRequest, { kind: 'fetch' | 'socket' | 'stream' | 'watch' }>;

/** The servers of a session's machine: requests and websockets to them, and which there are. */
export class Web {
  readonly #options: WebOptions;
  readonly #open = new Map<number, Open>();

  constructor(options: WebOptions) {
    this.#options = options;
  }

  take(id: number, request: WebRequest): void {
    switch (request.kind) {
      case 'fetch':
        return this.#begin(id, (open) => this.#options.during(() => this.#fetch(id, request, open)));
      case 'socket':
        return this.#begin(id, (open) => this.#options.during(() => this.#connect(id, request, open)));
      case 'stream':
        return this.#begin(id, (open) => this.#options.during(() => this.#stream(id, request, open)));
      case 'watch':
        return this.#begin(id, (open) => this.#options.stayUp(() => this.#watch(id, open)));
      default:
        this.#tell(id, request);
    }
  }

  #begin(id: number, work: (open: Open) => Promise<void>): void {
    const open: Open = { ending: new Ending(), socket: null, early: [] };
    this.#open.set(id, open);
    work(open)
      .catch((error: unknown) => {
        const detail = String(error).slice(0, 1_000);
        this.#options.tell(id, { kind: 'failed', code: 'preview/no-machine', detail });
      })
      .finally(() => this.#open.delete(id));
  }

  #tell(id: number, request: Asked): void {
    const open = this.#open.get(id);
    if (open === undefined) return;
    if (request.kind === 'end') open.ending.end();
    else if (open.socket === null) open.early.push(request);
    else this.#tellSocket(id, open.socket, request);
  }

  #tellSocket(id: number, socket: GuestSocket | GuestStreamed, request: Exclude<Asked, { kind: 'end' }>): void {
    if (request.kind === 'taken') socket.taken(request.bytes);
    else if (!('send' in socket)) return;
    else if (request.kind === 'close') socket.close(request.code, request.reason);
    else void socket.send(request.data).then(() => this.#options.tell(id, { kind: 'sent' }));
  }

  async #fetch(id: number, { port, request }: { port: number; request: PreviewRequest }, open: Open): Promise<void> {
    const { connect, tell } = this.#options;
    const answer = await fetchFromGuest(connect, port, request, open.ending);
    if (open.ending.isEnded) return;
    if (answer.ok) {
      const { headers, ...rest } = answer.value;
      const { buffer } = rest.body;
      return tell(id, { kind: 'response', ...rest, headers: headers.map(([name, value]) => [name, value]) }, [buffer]);
    }
    const { code, detail = null } = answer.error;
    // All that it fails by.
    tell(id, { kind: 'failed', code: code as WebFailure, detail: detail?.slice(0, 1_000) ?? null });
  }

  #connect(id: number, { port, path, protocols, headers }: SocketTarget, open: Open): Promise<void> {
    const { connect, tell } = this.#options;
    return new Promise((settle) => {
      const socket = openGuestSocket(connect, { port, path, protocols, headers }, (event) => {
        tell(id, event.kind === 'closed' ? { ...event, reason: event.reason.slice(0, 1_000) } : event);
        if (event.kind === 'closed') settle();
      });
      open.socket = socket;
      for (const request of open.early.splice(0)) if (request.kind !== 'end') this.#tellSocket(id, socket, request);
      open.ending.tell(() => socket.destroy());
    });
  }

  #stream(id: number, { port, request }: StreamTarget, open: Open): Promise<void> {
    const { connect, tell } = this.#options;
    return new Promise((settle) => {
      const stream = streamFromGuest(connect, port, request, (event) => {
        if (event.kind === 'bytes') tell(id, event, [event.bytes.buffer]);
        else if (event.kind === 'head')
          tell(id, { ...event, headers: event.headers.map(([name, value]) => [name, value]) });
        else {
          tell(id, { ...event, reason: event.reason.slice(0, 1_000) });
          settle();
        }
      });
      open.socket = stream;
      open.ending.tell(() => stream.destroy());
    });
  }

  async #watch(id: number, { ending }: Open): Promise<void> {
    let told: string | null = null;
    while (!ending.isEnded) {
      const ports = await this.#ports();
      if (ending.isEnded) return;
      if (ports.join() !== told) this.#options.tell(id, { kind: 'servers', ports: [...ports] });
      told = ports.join();
      await pause(LIMITS.previewServersEveryMs.standard, ending);
    }
  }

  /** One that stands still runs nothing, and answers nothing. */
  async #ports(): Promise<readonly number[]> {
    if (this.#options.isResting()) return [];
    const tables = await Promise.all(TABLES.map((path) => this.#options.readFile(path)));
    return listeningPorts(tables.map((table) => table ?? ''));
  }
}

function pause(ms: number, ending: Ending): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      ending.tell(null);
      resolve();
    }
    ending.tell(done);
  });
}
