import { fromBase64, joinBytes, toBase64 } from '../../../base/index.ts';
import type { GuestStream, Machine, TakeOutput } from '../../../container/machine/index.ts';
import { LIMITS } from '../../../contracts/limits.ts';
import type { NetworkAnswer, NetworkRequest } from '../../../contracts/network.ts';
import { BUNDLED } from './wheels.ts';

/** Of the guest's 127.0.0.1; no server of a program (`src/container/web`). */
export const GATE_PORT = 3129;
/** Where the full image's proxy listens, on an address of its own: tools/linux/guest/companion_guest/gate.py. */
const PROXY = '127.0.0.2:3128';
const LENGTH_BYTES = 4;
/** Of the JSON of a question, beside the body. */
const HEAD_BYTES = 256 * 1024;
const QUESTION_BYTES = (LIMITS.networkRequestUtf16.standard / 4) * 3 - HEAD_BYTES;
const SMALL_SAYS = 'The small Linux reaches no network. Programs in Python and JavaScript can.';
/** Beside what the gate says: which one is taken is the guest's to say, and its output may go anywhere. */
const INSTEAD_SAYS = 'Without its index, pip takes what lies in the extension itself, which may not be the newest.';

export interface WayOutOptions {
  readonly image: 'full' | 'small';
  readonly listen: Machine['listen'];
  /** JSON of a `NetworkRequest` to JSON of a `NetworkAnswer`. */
  readonly ask: (request: string) => Promise<string>;
  /** What the extension itself has, by an address of `BUNDLED`: no network is asked, so nobody has to allow it. */
  readonly bundled: (url: string) => Promise<NetworkAnswer>;
  /** Whether who asks for this address gets from there what the network would have given. */
  readonly hasInstead: (url: string) => Promise<boolean>;
  /** Called as a request is made: who is told what the gate says where it lets that one not through. */
  readonly whoAsks: () => (sentence: string) => void;
}

/** What programs of the guest find in their environment: their tools know by it where the network is. */
export function networkEnv(image: WayOutOptions['image']): Readonly<Record<string, string>> {
  const proxy = `http://${image === 'full' ? PROXY : `127.0.0.1:${GATE_PORT}`}`;
  return { http_proxy: proxy, https_proxy: proxy, no_proxy: 'localhost,127.0.0.1' };
}

/**
 * The guest's end of the network gate, which knows no sockets: each connection to a port of the guest's is one request and
 * its answer (companion_guest/ask_gate.py says how they are written). Whoever is root in the guest can ask so as well, and gets
 * what the gate gives.
 */
export class WayOut {
  readonly #options: WayOutOptions;
  #close: (() => void) | null = null;
  readonly #streams = new Set<GuestStream>();

  constructor(options: WayOutOptions) {
    this.#options = options;
  }

  /** To be called once the machine runs, and again after it went back to a state. Rejects where the port is taken. */
  async listen(): Promise<void> {
    const { image, listen } = this.#options;
    const take = image === 'full' ? (stream: GuestStream) => this.#accept(stream) : refuseSmall;
    const listening = await listen(GATE_PORT, take);
    if (listening.ok) this.#close = listening.value;
    else if (listening.error.kind === 'errno') throw new Error(`port ${GATE_PORT}: error ${listening.error.errno}`);
  }

  /** Before the machine is saved: what listens or waits in it would be there again, and nobody behind it. */
  close(): void {
    this.#close?.();
    this.#close = null;
    for (const stream of this.#streams) stream.destroy();
  }

  #accept(stream: GuestStream): TakeOutput {
    if (this.#streams.size >= LIMITS.networkAtOnce.standard) {
      void give(stream, { code: 'too-many', error: 'Too many requests at once.' });
      return () => undefined;
    }
    this.#streams.add(stream);
    const pieces: Uint8Array[] = [];
    let length = 0;
    void stream.guestEnded.then(async (isWhole) => {
      try {
        if (isWhole && length <= QUESTION_BYTES) await give(stream, await this.#ask(joinBytes(pieces)));
      } finally {
        this.#streams.delete(stream);
      }
    });
    return (piece) => {
      length += piece.length;
      if (length > QUESTION_BYTES) stream.destroy();
      else pieces.push(piece.slice());
    };
  }

  async #ask(question: Uint8Array): Promise<NetworkAnswer> {
    const request = requestOf(question);
    if (request === null) return { code: 'bad-request', error: 'The request is not well formed.' };
    if (typeof request.url === 'string' && request.url.startsWith(BUNDLED)) return this.#options.bundled(request.url);
    const { whoAsks, hasInstead } = this.#options;
    const tell = whoAsks();
    // Of the host, which made it.
    const answer = JSON.parse(await this.#options.ask(JSON.stringify(request))) as NetworkAnswer;
    // Most programs show that they got no answer, and not why.
    if ('error' in answer && answer.code !== 'stopped') tell(answer.error);
    const isRefused = 'error' in answer && answer.code === 'not-allowed';
    if (isRefused && (await hasInstead(request.url))) tell(INSTEAD_SAYS);
    return answer;
  }
}

/** What a guest wrote as a question, of which the gate believes nothing; null where it is none. */
function requestOf(question: Uint8Array): NetworkRequest | null {
  if (question.length < LENGTH_BYTES) return null;
  const length = new DataView(question.buffer, question.byteOffset).getUint32(0, true);
  if (length > HEAD_BYTES) return null;
  const head = objectOf(question.subarray(LENGTH_BYTES, LENGTH_BYTES + length));
  const body = question.subarray(LENGTH_BYTES + length);
  return head && ({ ...head, body: body.length === 0 ? null : toBase64(body) } as NetworkRequest);
}

function objectOf(bytes: Uint8Array): object | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    return null; // told to the guest as no request
  }
}

async function give(stream: GuestStream, answer: NetworkAnswer): Promise<void> {
  const body = 'error' in answer ? new Uint8Array(0) : fromBase64(answer.body);
  const said = 'error' in answer ? answer : { ...answer, body: undefined, bodyBytes: body.length };
  const head = new TextEncoder().encode(JSON.stringify(said));
  const length = new Uint8Array(LENGTH_BYTES);
  new DataView(length.buffer).setUint32(0, head.length, true);
  await stream.write(joinBytes([length, head]));
  await stream.write(body);
  stream.end();
}

/** Programs of BusyBox show the first line of an answer. */
function refuseSmall(stream: GuestStream): TakeOutput {
  const answer = `HTTP/1.1 403 ${SMALL_SAYS}\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n${SMALL_SAYS}\n`;
  void stream.write(new TextEncoder().encode(answer)).then(() => stream.end());
  return () => undefined;
}
