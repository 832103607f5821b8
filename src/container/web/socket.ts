import { provided } from './buffer.ts';
import Hybi from 'websocket-driver/lib/websocket/driver/hybi';
import { toBase64 } from '../../base/index.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { closedFor, type SocketEvent, socketMessageSize, type SocketTarget } from '../../contracts/preview.ts';
import type { GuestStream } from '../exec/streams.ts';
import { Ahead } from './ahead.ts';
import { AnswerReader, type Read } from './answer-reader.ts';
import { type Connect, connectServer } from './fetch.ts';
import { requestHead } from './request-head.ts';

const KEY_BYTES = 16;
const NO_CODE = 1005;
const VERSION = '13';

/** This end of a websocket to a server of the guest. After `closed` nothing of it has an effect. */
export interface GuestSocket {
  /** Settles once it is on its way, or the socket is closed. */
  send(data: string | Uint8Array): Promise<void>;
  /** A server that does not answer it is not waited for long. */
  close(code: number | null, reason: string): void;
  /** So many bytes of messages were used up; a server that sends faster waits for this. */
  taken(bytes: number): void;
  destroy(): void;
}

/** Opens a websocket. `onEvent` is told everything in order, `closed` last and once, whatever the server does. */
export function openGuestSocket(
  connect: Connect,
  target: SocketTarget,
  onEvent: (event: SocketEvent) => void,
): GuestSocket {
  return new RunningSocket(connect, target, onEvent);
}

class RunningSocket implements GuestSocket {
  readonly #target: SocketTarget;
  readonly #onEvent: (event: SocketEvent) => void;
  readonly #key = toBase64(crypto.getRandomValues(new Uint8Array(KEY_BYTES)));
  readonly #answer = new AnswerReader('GET');
  #stream: GuestStream | null = null;
  /** From the server's word for it on. */
  #driver: Hybi | null = null;
  #isClosed = false;
  /** The server broke the rules. */
  #isBroken = false;
  /** Written and not taken yet: words of the driver itself included, with which a server could fill the memory. */
  #unsent = 0;
  #lastWrite: Promise<void> = Promise.resolve();
  readonly #ahead = new Ahead();
  readonly #patience: ReturnType<typeof setTimeout>;

  constructor(connect: Connect, target: SocketTarget, onEvent: (event: SocketEvent) => void) {
    this.#target = target;
    this.#onEvent = onEvent;
    this.#patience = setTimeout(() => this.#fail('it did not answer in time'), LIMITS.previewTimeMs.standard);
    void connectServer(connect, target.port, (bytes) => this.#take(bytes)).then((connected) => {
      if (!connected.ok) return this.#fail(connected.error.code);
      if (this.#isClosed) return connected.value.destroy();
      this.#stream = connected.value;
      this.#ask();
      void connected.value.guestEnded.then(() => this.#fail('the server broke off'));
    });
  }

  async send(data: string | Uint8Array): Promise<void> {
    if (this.#isClosed || this.#driver === null) return;
    if (typeof data === 'string') this.#driver.text(data);
    else this.#driver.binary(provided.from(data));
    await this.#lastWrite;
  }

  close(code: number | null, reason: string): void {
    if (this.#driver === null) return this.#fail('closed here');
    this.#driver.close(reason, code ?? undefined);
    setTimeout(() => this.#fail('the server did not answer the close'), LIMITS.previewCloseMs.standard);
  }

  taken(bytes: number): void {
    this.#ahead.taken(bytes);
  }

  destroy(): void {
    this.#fail('closed here');
  }

  #ask(): void {
    const { protocols, path, port, headers } = this.#target;
    const asked: [string, string][] = protocols.length === 0 ? [] : [['sec-websocket-protocol', protocols.join(', ')]];
    const ours: [string, string][] = [
      ['connection', 'Upgrade'],
      ['upgrade', 'websocket'],
      ['sec-websocket-version', VERSION],
      ['sec-websocket-key', this.#key],
      ['origin', `http://localhost:${port}`],
      ...asked,
    ];
    void this.#stream?.write(requestHead({ method: 'GET', path, port }, ours, headers));
  }

  #take(bytes: Uint8Array): void | Promise<void> {
    if (this.#isClosed) return undefined;
    if (this.#driver === null) this.#agree(this.#answer.push(bytes));
    else this.#driver.io.write(provided.from(bytes));
    return this.#ahead.room();
  }

  #agree(read: Read): void {
    if (read.kind === 'more') return;
    if (read.kind === 'failed') return this.#fail(read.error.code);
    if (read.kind === 'answer') return this.#fail(`the server answered ${read.answer.status}`);
    const said = new Map(read.head.headers);
    const words = (name: string): string[] => (said.get(name) ?? '').toLowerCase().split(/\s*,\s*/u);
    const protocol = said.get('sec-websocket-protocol') ?? '';
    const { driver, accept } = this.#drive();
    const isAgreed =
      words('upgrade').includes('websocket') &&
      words('connection').includes('upgrade') &&
      said.get('sec-websocket-accept') === accept &&
      !said.has('sec-websocket-extensions') &&
      (protocol === '' || this.#target.protocols.includes(protocol));
    if (!isAgreed) return this.#fail('the server does not agree to a websocket');
    clearTimeout(this.#patience);
    this.#driver = driver;
    driver.io.on('data', (bytes) => this.#write(bytes));
    driver.on('message', ({ data }) => this.#pass(data));
    driver.on('error', () => (this.#isBroken = true));
    driver.on('close', ({ code, reason }) => this.#closed(code, reason));
    this.#onEvent({ kind: 'open', protocol });
    if (read.rest.length > 0) driver.io.write(read.rest);
  }

  /**
   * The driver of the answering side, told to send as the asking one does: its own answer to our key is what the server has to say,
   * and is sent nowhere.
   */
  #drive(): { readonly driver: Hybi; readonly accept: string | undefined } {
    const headers = {
      connection: 'upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': VERSION,
      'sec-websocket-key': this.#key,
    };
    const maxLength = LIMITS.previewMessageBytes.standard;
    const driver = new Hybi({ method: 'GET', headers }, '/', { masking: true, requireMasking: false, maxLength });
    let answer = '';
    let hasStarted = false;
    driver.io.on('data', (bytes) => {
      if (!hasStarted) answer += String.fromCharCode(...bytes);
    });
    driver.start();
    hasStarted = true;
    return { driver, accept: /^sec-websocket-accept: (\S+)\r$/im.exec(answer)?.[1] };
  }

  #write(bytes: Uint8Array): void {
    if (this.#isClosed || this.#stream === null) return;
    this.#unsent += bytes.length;
    if (this.#unsent > 2 * LIMITS.previewMessageBytes.standard) return this.#fail('the server reads nothing');
    this.#lastWrite = this.#stream.write(bytes).then(() => void (this.#unsent -= bytes.length));
  }

  #pass(data: string | Uint8Array): void {
    if (this.#isClosed) return;
    this.#ahead.add(socketMessageSize(data));
    if (typeof data === 'string') this.#onEvent({ kind: 'text', text: data });
    else this.#onEvent({ kind: 'bytes', bytes: Uint8Array.from(data) });
  }

  /** The server said that it ends, or broke the rules; in both cases the driver has said so to it. */
  #closed(code: number, reason: string): void {
    if (this.#isBroken) return this.#end(closedFor(reason), false);
    this.#end({ kind: 'closed', code: code === 0 ? NO_CODE : code, reason, wasClean: true }, true);
  }

  #fail(reason: string): void {
    this.#end(closedFor(reason), false);
  }

  /** `mayRead`: the server may still read what was said to it last. */
  #end(event: SocketEvent, mayRead: boolean): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#patience);
    this.#ahead.release();
    const stream = this.#stream;
    if (mayRead) void this.#leave(stream);
    else stream?.destroy();
    this.#onEvent(event);
  }

  async #leave(stream: GuestStream | null): Promise<void> {
    if (stream === null) return;
    stream.end();
    const late = new Promise((settle) => setTimeout(settle, LIMITS.previewCloseMs.standard));
    await Promise.race([stream.guestEnded, late]);
    stream.destroy();
  }
}
