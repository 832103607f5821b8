import { Reader } from '@zip.js/zip.js/lib/zip-core-custom.js';
import type { SessionFiles } from '../../contracts/files.ts';
import { done } from './archive-failure.ts';

/** Bytes of a file that are in memory at a time. */
const WINDOW_BYTES = 1024 * 1024;

/** A file of the tree as a zip is read from it: any part, without the rest. */
export class TreeReader extends Reader<string> {
  readonly #files: SessionFiles;
  readonly #path: string;

  constructor(files: SessionFiles, path: string, sizeBytes: number) {
    super(path);
    this.#files = files;
    this.#path = path;
    this.size = sizeBytes;
  }

  override async readUint8Array(index: number, length: number): Promise<Uint8Array> {
    const whole = new Uint8Array(Math.max(0, Math.min(length, this.size - index)));
    for (let at = 0; at < whole.length; ) {
      const most = Math.min(WINDOW_BYTES, whole.length - at);
      const { bytes } = await done(this.#files, { op: 'read', path: this.#path, position: index + at, length: most });
      // Cut short by somebody else meanwhile; the zip's own checks say what that means.
      if (bytes === undefined || bytes.length === 0) return whole.subarray(0, at);
      whole.set(bytes, at);
      at += bytes.length;
    }
    return whole;
  }
}

/** The bytes of a file of the tree, a window at a time. */
export function readableOf(files: SessionFiles, path: string): ReadableStream<Uint8Array> {
  let position = 0;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { bytes } = await done(files, { op: 'read', path, position, length: WINDOW_BYTES });
        if (bytes === undefined || bytes.length === 0) {
          controller.close();
          return;
        }
        position += bytes.length;
        controller.enqueue(bytes);
      },
    },
    { highWaterMark: 0 },
  );
}

/** Writes a new file of the tree; small pieces are gathered. `onBytes` hears of each piece first and may throw. */
export function writableTo(
  files: SessionFiles,
  path: string,
  onBytes: (count: number) => void = () => undefined,
): WritableStream<Uint8Array> {
  const gathered = new Uint8Array(WINDOW_BYTES);
  let held = 0;
  let position = 0;
  const put = async (bytes: Uint8Array): Promise<void> => {
    await done(files, { op: 'write', path, position, bytes, truncateTo: position === 0 ? 0 : null });
    position += bytes.length;
  };
  return new WritableStream<Uint8Array>({
    async write(bytes) {
      onBytes(bytes.length);
      for (let at = 0; at < bytes.length; ) {
        const piece = bytes.subarray(at, at + gathered.length - held);
        gathered.set(piece, held);
        held += piece.length;
        at += piece.length;
        if (held < gathered.length) continue;
        await put(gathered);
        held = 0;
      }
    },
    async close() {
      if (held > 0 || position === 0) await put(gathered.subarray(0, held));
    },
  });
}
