import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { sha256 } from '../digest.ts';
import { VendorError } from '../fatal.ts';
import { CACHE } from '../paths.ts';
import { debianMirror } from './mirror.ts';
import type { PinnedFile } from './pins.ts';

const PARALLEL = 8;

/** Downloads pinned files into the cache, checks each by its SHA-256, and gives their places in the same order. */
export async function fetchPinned(files: readonly PinnedFile[]): Promise<string[]> {
  const folder = join(CACHE, 'downloads');
  await mkdir(folder, { recursive: true });
  const places = files.map((file) => join(folder, `${file.sha256.slice(0, 12)}-${basename(file.path)}`));
  const missing = files.map((_, position) => position).filter((position) => !existsSync(places[position] ?? ''));
  if (missing.length === 0) return places;
  const mirror = await debianMirror();
  let next = 0;
  await Promise.all(
    Array.from({ length: PARALLEL }, async () => {
      for (let turn = missing[next++]; turn !== undefined; turn = missing[next++]) {
        const [file, place] = [files[turn], places[turn]];
        if (file && place !== undefined) await fetchOne(mirror, file, place);
      }
    }),
  );
  return places;
}

async function fetchOne(mirror: string, file: PinnedFile, place: string): Promise<void> {
  const own = process.env['COMPANION_SOURCES'];
  const local = own === undefined ? null : join(own, basename(file.path));
  const bytes = local !== null && existsSync(local) ? await readFile(local) : await download(mirror, file);
  if (sha256(bytes) !== file.sha256)
    throw new VendorError(`${basename(file.path)} is not the pinned file: its SHA-256 differs.`);
  await writeFile(`${place}.draft`, bytes);
  await rename(`${place}.draft`, place);
}

async function download(mirror: string, file: PinnedFile): Promise<Uint8Array> {
  const address = `${mirror}/${file.path.split('/').map(encodeURIComponent).join('/')}`;
  for (let attempt = 1; ; attempt += 1) {
    const answer = await fetch(address).catch((cause: unknown) => cause as Error);
    if (!(answer instanceof Error) && answer.ok) return new Uint8Array(await answer.arrayBuffer());
    const isGone = !(answer instanceof Error) && answer.status < 500;
    if (isGone || attempt === 3) {
      throw new VendorError(
        `The mirror does not give ${file.path} (${answer instanceof Error ? answer.message : String(answer.status)}). ` +
          'Put the file into a folder and name it by COMPANION_SOURCES, choose another mirror by COMPANION_DEBIAN_MIRROR, ' +
          'or pin its successor with node tools/vendor/debian/resolve.ts.',
      );
    }
  }
}
