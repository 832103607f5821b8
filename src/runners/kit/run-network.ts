import type { FileAnswer, FileOperation } from '../../contracts/files.ts';
import { NETWORK_PATH } from '../../contracts/mailbox.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { type AskNetwork, type NetworkAnswer, networkOffSentence } from '../../contracts/network.ts';

const PIECE_BYTES = 4 * 1024 * 1024;
const CODER = new TextEncoder();
const DECODER = new TextDecoder();

const answerOf = (answer: NetworkAnswer): string => JSON.stringify(answer);
const OFF = answerOf({ code: 'not-allowed', error: networkOffSentence(null) });
const STOPPED = answerOf({ code: 'stopped', error: 'The run was stopped.' });
const TOO_LARGE = answerOf({ code: 'bad-request', error: 'The request is larger than one request may be.' });

/** What the program of one run asks of the network gate: by message, or by the mailbox of a worker that blocks meanwhile. */
export class RunNetwork {
  readonly #ask: AskNetwork | undefined;
  readonly #over = new AbortController();
  /** Requests by message that are under way, by the program's number. */
  readonly #open = new Map<number, AbortController>();
  /** Of the mailbox; a worker that blocks waits for one at a time. */
  #waiting: { readonly path: string; readonly answer: Promise<Uint8Array> } | null = null;

  constructor(ask: AskNetwork | undefined) {
    this.#ask = ask;
  }

  /** JSON to JSON. Never rejects; ends at once when the run does, or when the program ends the request of this number. */
  async ask(request: string, id: number | null = null): Promise<string> {
    if (this.#ask === undefined) return OFF;
    if (this.#over.signal.aborted) return STOPPED;
    const own = new AbortController();
    const signal = AbortSignal.any([this.#over.signal, own.signal]);
    if (id !== null) this.#open.set(id, own);
    const stopped = new Promise<string>((settle) =>
      signal.addEventListener('abort', () => settle(STOPPED), { once: true }),
    );
    const answer = await Promise.race([this.#ask(request, signal), stopped]);
    if (id !== null && this.#open.get(id) === own) this.#open.delete(id);
    return answer;
  }

  endOne(id: number): void {
    this.#open.get(id)?.abort();
  }

  /** The run ends or was stopped: what waits is answered. */
  end(): void {
    this.#over.abort();
  }

  /** A file operation below `NETWORK_PATH`: the request is written, then its answer read. */
  async perform(operation: FileOperation): Promise<FileAnswer> {
    if (operation.op === 'write' && operation.bytes !== null) {
      const tooLarge = operation.bytes.byteLength > LIMITS.networkRequestUtf16.standard;
      const answer = tooLarge ? Promise.resolve(TOO_LARGE) : this.ask(DECODER.decode(operation.bytes));
      this.#waiting = { path: operation.path, answer: answer.then((json) => CODER.encode(json)) };
      return { ok: true };
    }
    if (operation.op !== 'read' || this.#waiting?.path !== operation.path) return { ok: false, errno: 'ENOENT' };
    const bytes = await this.#waiting.answer;
    const end = operation.position + Math.min(operation.length, PIECE_BYTES);
    return { ok: true, bytes: bytes.slice(operation.position, end) };
  }
}

/** True for paths that the gate answers, not the tree. */
export const isOfNetwork = (operation: FileOperation): boolean =>
  'path' in operation && operation.path.startsWith(NETWORK_PATH);
