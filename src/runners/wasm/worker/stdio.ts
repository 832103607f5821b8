import { Fd, wasi } from '@bjorn3/browser_wasi_shim';
import type { EngineHost } from '../../kit/worker/index.ts';
import { PlainFilestat } from './filestat.ts';
import { RunStopped } from './run-ends.ts';

const TERMINAL = { type: wasi.FILETYPE_CHARACTER_DEVICE, sizeBytes: 0, modifiedAtMs: 0 };
const PROMPT_UTF16 = 200;

/** What was printed last without a line's end: a program's question. */
export interface LastLine {
  text: string;
}

class Terminal extends Fd {
  #flags = 0;
  readonly #rights: bigint;

  constructor(rights: number) {
    super();
    this.#rights = BigInt(
      rights | wasi.RIGHTS_FD_FILESTAT_GET | wasi.RIGHTS_POLL_FD_READWRITE | wasi.RIGHTS_FD_FDSTAT_SET_FLAGS,
    );
  }

  override fd_fdstat_get(): { ret: number; fdstat: wasi.Fdstat } {
    const fdstat = new wasi.Fdstat(wasi.FILETYPE_CHARACTER_DEVICE, this.#flags);
    fdstat.fs_rights_base = this.#rights;
    return { ret: wasi.ERRNO_SUCCESS, fdstat };
  }

  override fd_fdstat_set_flags(flags: number): number {
    this.#flags = flags;
    return wasi.ERRNO_SUCCESS;
  }

  override fd_filestat_get(): { ret: number; filestat: wasi.Filestat } {
    return { ret: wasi.ERRNO_SUCCESS, filestat: new PlainFilestat(null, '', TERMINAL) };
  }

  override fd_seek(): { ret: number; offset: bigint } {
    return { ret: wasi.ERRNO_SPIPE, offset: 0n };
  }

  override fd_tell(): { ret: number; offset: bigint } {
    return { ret: wasi.ERRNO_SPIPE, offset: 0n };
  }

  override fd_sync(): number {
    return wasi.ERRNO_SUCCESS;
  }
}

/** Standard output or error: shown as it comes; a character may come in two pieces. */
export class Printed extends Terminal {
  readonly #host: EngineHost;
  readonly #stream: 1 | 2;
  readonly #last: LastLine;
  readonly #decoder = new TextDecoder();

  constructor(host: EngineHost, stream: 1 | 2, last: LastLine) {
    super(wasi.RIGHTS_FD_WRITE);
    this.#host = host;
    this.#stream = stream;
    this.#last = last;
  }

  override fd_write(data: Uint8Array): { ret: number; nwritten: number } {
    const text = this.#decoder.decode(data, { stream: true });
    if (this.#stream === 1) {
      const at = text.lastIndexOf('\n');
      this.#last.text = (at < 0 ? this.#last.text + text : text.slice(at + 1)).slice(-PROMPT_UTF16);
    }
    if (!this.#host.write(this.#stream, text)) throw new RunStopped();
    return { ret: wasi.ERRNO_SUCCESS, nwritten: data.length };
  }
}

/** Standard input, line by line. */
export class Typed extends Terminal {
  readonly #host: EngineHost;
  readonly #last: LastLine;
  #held: Uint8Array = new Uint8Array();
  /** A line, or the end of the input, was asked for already. */
  #isPrepared = false;

  constructor(host: EngineHost, last: LastLine) {
    super(wasi.RIGHTS_FD_READ);
    this.#host = host;
    this.#last = last;
  }

  /** Gets a line for the next read where the worker must not block. */
  async prepare(): Promise<void> {
    if (this.#held.length > 0 || this.#isPrepared) return;
    this.#take(await this.#host.readLineAsync(this.#last.text));
    this.#isPrepared = true;
  }

  override fd_read(size: number): { ret: number; data: Uint8Array } {
    if (this.#held.length === 0 && size > 0 && !this.#isPrepared) this.#take(this.#host.readLine(this.#last.text));
    this.#isPrepared = false;
    const data = this.#held.slice(0, size);
    this.#held = this.#held.subarray(data.length);
    return { ret: wasi.ERRNO_SUCCESS, data };
  }

  #take(line: string | null): void {
    if (this.#host.shouldStop()) throw new RunStopped();
    if (line !== null) this.#held = new TextEncoder().encode(`${line}\n`);
  }
}
