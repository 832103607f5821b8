import { toHex } from '../../base/index.ts';
import { IMAGE_MANIFEST, readImageManifest } from '../../container/image/index.ts';
import type { EngineSource, ImageSource } from '../kit/index.ts';
import { WHEELS_FILE } from './wheels-file.ts';

/**
 * What a machine asks for once a program of it does, out of the package: compared with the hash that the package's list
 * has of it, before the machine gets a byte.
 */
export function createCheckedParts(source: EngineSource): ImageSource {
  let wheels: Promise<Uint8Array | null> | null = null;
  const read = async (): Promise<Uint8Array | null> => {
    const [text, file] = await Promise.all([
      source.load(IMAGE_MANIFEST).then((blob) => blob.text()),
      source.load(WHEELS_FILE).then((blob) => blob.arrayBuffer()),
    ]);
    const expected = readImageManifest(text)?.files.find(({ name }) => name === WHEELS_FILE)?.sha256;
    return toHex(await crypto.subtle.digest('SHA-256', file)) === expected ? new Uint8Array(file) : null;
  };
  return {
    load(name) {
      if (name !== WHEELS_FILE) return Promise.resolve(null);
      return (wheels ??= read().then(
        (bytes) => {
          if (bytes === null) wheels = null;
          return bytes;
        },
        () => (wheels = null), // the program that asked is told that they cannot be read; the next one asks anew
      ));
    },
  };
}
