import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';

/** The largest of which the decoder's window stays at 8 MB: what unpacks it in the browser holds as much. */
const LEVEL = 19;

/** One frame of Zstandard, as `unpackLarge` of src/container/disk reads it. */
export function zstdPacked(bytes: Uint8Array): Promise<Uint8Array> {
  return promisify(zstdCompress)(bytes, { params: { [constants.ZSTD_c_compressionLevel]: LEVEL } });
}
