import { provided } from './buffer.ts';
import HttpParser from 'bare-http-parser';
import { appError, type AppError } from '../../contracts/errors.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { HeaderList, PreviewResponse, ResponseHead } from '../../contracts/preview.ts';
import { GrowingBytes } from './growing-bytes.ts';

const { RESPONSE, DATA, END } = HttpParser.constants;
type HttpEvent = HttpParser.HttpEvent;

const SWITCHING = 101;
const INTERIM = 200;

/** Who takes an answer as it comes: then its body has no bound of its own, and is none of the answer. */
export interface Passing {
  readonly onHead: (head: ResponseHead) => void;
  /** A copy. */
  readonly onBytes: (bytes: Uint8Array<ArrayBuffer>) => void;
}

/** What the bytes so far come to. */
export type Read =
  | { readonly kind: 'more' }
  | { readonly kind: 'answer'; readonly answer: PreviewResponse }
  /** The server speaks another protocol from here on; `rest` came after its word for that. */
  | { readonly kind: 'switched'; readonly head: ResponseHead; readonly rest: Uint8Array }
  | { readonly kind: 'failed'; readonly error: AppError };

const MORE: Read = { kind: 'more' };

/** Reads the one answer of a connection, whatever the server sends: within the bounds of a head and a body, and to its end. */
export class AnswerReader {
  readonly #parser = new HttpParser({
    maxHeaderSize: LIMITS.previewHeadBytes.standard,
    maxHeadersCount: LIMITS.previewHeaders.standard,
  });
  readonly #isHead: boolean;
  readonly #passing: Passing | null;
  #head: ResponseHead | null = null;
  readonly #body = new GrowingBytes(LIMITS.previewBodyBytes.standard);
  #interim = 0;
  #hasBegun = false;

  constructor(method: string, passing: Passing | null = null) {
    this.#passing = passing;
    this.#isHead = method === 'HEAD';
    if (this.#isHead) this.#parser.skipBody();
  }

  /** Keeps nothing of `bytes`. */
  push(bytes: Uint8Array): Read {
    this.#hasBegun ||= bytes.length > 0;
    return this.#read(() => this.#parser.push(bytes));
  }

  /** The server sends no more: an answer without a length ends so, any other is cut off. */
  end(): Read {
    const read = this.#read(() => this.#parser.end());
    if (read.kind === 'answer') return read;
    const how = this.#hasBegun ? 'in the middle of its answer' : 'without an answer';
    return { kind: 'failed', error: appError('preview/broke-off', how) };
  }

  #read(events: () => Generator<HttpEvent>): Read {
    try {
      for (const event of events()) {
        const read = this.#take(event);
        if (read.kind !== 'more') return read;
      }
      return MORE;
    } catch (error) {
      return { kind: 'failed', error: failureOf(error) };
    }
  }

  #take(event: HttpEvent): Read {
    switch (event.type) {
      case RESPONSE:
        return this.#begin(event);
      case DATA:
        return this.#add(event.data);
      case END:
        return this.#finish();
      default:
        return { kind: 'failed', error: appError('preview/not-http', 'it sent a request') };
    }
  }

  #begin({ code, reason, headers }: Extract<HttpEvent, { type: 2 }>): Read {
    this.#head = { status: code, statusText: reason, headers: listOf(headers) };
    if (code >= INTERIM) this.#passing?.onHead(this.#head);
    if (this.#isHead || this.#passing) return MORE;
    return Number(headers['content-length']) > LIMITS.previewBodyBytes.standard ? tooLarge('the body') : MORE;
  }

  #add(data: Uint8Array): Read {
    if (!this.#passing) return this.#body.add(data) ? MORE : tooLarge('the body');
    this.#passing.onBytes(Uint8Array.from(data));
    return MORE;
  }

  #finish(): Read {
    const head = this.#head;
    if (head === null) return MORE;
    if (head.status === SWITCHING) return { kind: 'switched', head, rest: provided.from(this.#parser.drain()) };
    if (head.status >= INTERIM) return { kind: 'answer', answer: { ...head, body: this.#body.whole() } };
    this.#interim += 1;
    this.#head = null;
    if (this.#isHead) this.#parser.skipBody();
    return this.#interim > LIMITS.previewInterimAnswers.standard ? tooLarge('answers before the answer') : MORE;
  }
}

function listOf(headers: Extract<HttpEvent, { type: 2 }>['headers']): HeaderList {
  return Object.entries(headers).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : value.map((line) => [name, line] as const),
  );
}

const tooLarge = (what: string): Read => ({ kind: 'failed', error: appError('preview/too-large', what) });

function failureOf(error: unknown): AppError {
  if (!(error instanceof Error) || !('code' in error)) throw error;
  if (error.code === 'HEADER_OVERFLOW') return appError('preview/too-large', 'the headers');
  return appError('preview/not-http', error.message);
}
