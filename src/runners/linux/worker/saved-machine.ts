import { joinBytes } from '../../../base/index.ts';
import { applyDelta, makeDelta } from '../../../container/saved/index.ts';
import type { Image } from './image.ts';

const MB = 1024 * 1024;
/** Of a machine, beside its memory: written blocks of its disk, its devices. */
const MOST_BESIDE_MB = 1024;

type Base = Pick<Image, 'id' | 'state' | 'memoryMB'>;

const headOf = (id: string): Uint8Array => new TextEncoder().encode(`${id}\n`);

/** Whether this was saved of the image that has that id. */
export const isSavedOf = (id: string, saved: Uint8Array): boolean => headOf(id).every((byte, at) => saved[at] === byte);

/** A machine's state as it is kept: which image it belongs to, and what it differs by from that one's, gzipped. */
export async function packMachine(image: Base, state: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const delta = makeDelta(await image.state(), state);
  return through(new CompressionStream('gzip'), delta, {
    before: headOf(image.id),
    mostBytes: Number.MAX_SAFE_INTEGER,
  });
}

/** The state again. Rejects for one of another image, and for bytes that are none. */
export async function unpackMachine(image: Base, saved: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  if (!isSavedOf(image.id, saved)) throw new Error('saved of another image');
  const delta = await through(new DecompressionStream('gzip'), saved.slice(headOf(image.id).length), {
    before: new Uint8Array(0),
    mostBytes: (image.memoryMB + MOST_BESIDE_MB) * MB,
  });
  return applyDelta(await image.state(), delta);
}

/** All that comes out of a stream into which these bytes go, behind `before`. */
async function through(
  { readable, writable }: CompressionStream | DecompressionStream,
  bytes: Uint8Array<ArrayBuffer>,
  { before, mostBytes }: { readonly before: Uint8Array; readonly mostBytes: number },
): Promise<Uint8Array<ArrayBuffer>> {
  const writer = writable.getWriter();
  // What fails here fails at the reader too.
  writer.write(bytes).catch(() => undefined);
  writer.close().catch(() => undefined);
  const pieces: Uint8Array[] = [before];
  let length = before.length;
  const reader = readable.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    pieces.push(piece.value);
    length += piece.value.length;
    if (length > mostBytes) throw new Error('more than a machine holds');
  }
  return joinBytes(pieces);
}
