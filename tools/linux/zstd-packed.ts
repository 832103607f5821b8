import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';

/**
 * A state is unpacked while somebody waits: by this level that takes three quarters of what it does by 19, the largest whose window the
 * decoder may hold, for an eighth more room. Lower ones are no faster.
 */
const LEVEL = 9;

/** One frame of Zstandard, as src/container/disk reads large ones. */
export function zstdPacked(bytes: Uint8Array): Promise<Uint8Array> {
  return promisify(zstdCompress)(bytes, { params: { [constants.ZSTD_c_compressionLevel]: LEVEL } });
}
