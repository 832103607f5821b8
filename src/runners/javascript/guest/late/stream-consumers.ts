import { joinBytes } from '../../../../base/index.ts';
import type { LateKit } from './kit.ts';

/** What `node:stream/consumers` gathers from. */
type Source = AsyncIterable<unknown>;

/** `node:stream/consumers`. */
export function createModule({ toBytes, toBuffer }: LateKit): object {
  const buffer = async (source: Source): Promise<Uint8Array> => {
    const pieces: Uint8Array[] = [];
    for await (const piece of source) pieces.push(toBytes(piece));
    return toBuffer(joinBytes(pieces));
  };
  const text = async (source: Source): Promise<string> => new TextDecoder().decode(await buffer(source));
  return {
    buffer,
    text,
    json: async (source: Source) => JSON.parse(await text(source)) as unknown,
    arrayBuffer: async (source: Source) => new Uint8Array(await buffer(source)).buffer,
  };
}
