import type { EngineHost } from '../../kit/worker/index.ts';
import type { runNative } from '../native/index.ts';

const PART = 'native.js';
/** Programs that may want it, by their text; files of theirs may as well, which shows only as they ask. */
const MAY_WANT = /\b(?:crypto|zlib)\b/u;

/** The part of the engine that hashes and compresses: a script that comes when a program wants it. */
export class NativePart {
  readonly #host: EngineHost;
  #run: typeof runNative | null = null;

  constructor(host: EngineHost) {
    this.#host = host;
  }

  /** Loads it ahead of a program that seems to want it: where no memory is shared, a running program cannot wait for it. */
  async prepare(code: string): Promise<void> {
    if (this.#run || !MAY_WANT.test(code)) return;
    this.#take(await this.#host.loadPart(PART));
  }

  readonly run: typeof runNative = (...args) => {
    if (!this.#run) this.#take(this.#host.loadPartSync(PART));
    if (this.#run) return this.#run(...args);
    const message = 'Name crypto or zlib in the program itself: it is loaded before the program starts.';
    return JSON.stringify({ error: { message, code: 'ERR_MODULE_NOT_FOUND' } });
  };

  #take(bytes: Uint8Array | null): void {
    if (!bytes) return;
    // eslint-disable-next-line no-eval -- in the box, whose policy allows it for just this: scripts that came as bytes
    const loaded = (0, eval)(`(()=>{${new TextDecoder().decode(bytes)};return companionNative})()`) as {
      readonly runNative: typeof runNative;
    };
    this.#run = loaded.runNative;
  }
}
