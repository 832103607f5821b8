import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import PQueue from 'p-queue';
import { sha256 } from '../digest.ts';
import { VendorError } from '../fatal.ts';
import { CACHE } from '../paths.ts';
import { archiveOf, debianMirror } from './mirror.ts';
import type { PinnedFile } from './pins.ts';

const PARALLEL = 8;
/** Whoever keeps old archives serves few at a time. */
const ARCHIVE_TURNS = new PQueue({ concurrency: 1 });

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

/** From the mirror, or where that does not have it, from the archive of all that Debian ever had. */
async function download(mirror: string, file: PinnedFile): Promise<Uint8Array> {
  const path = file.path.split('/').map(encodeURIComponent).join('/');
  const mirrored = await ask(`${mirror}/${path}`);
  if (typeof mirrored !== 'string') return mirrored;
  const archive = archiveOf(file.at);
  const archived = await ARCHIVE_TURNS.add(() => ask(`${archive}/${path}`));
  if (typeof archived !== 'string') return archived;
  throw new VendorError(
    `Nobody gives ${file.path} (${mirror}: ${mirrored}; ${archive}: ${archived}). Put the file into a folder and name it by ` +
      'COMPANION_SOURCES, choose another mirror by COMPANION_DEBIAN_MIRROR, or pin its successor: tools/vendor/README.md says how.',
  );
}

/** Before each attempt, unless the server asks for another. */
const PAUSES_MS = [0, 500, 3_000];
const MOST_PAUSE_S = 120;
const TOO_MANY = 429;

/** The bytes at an address, or why there are none. What is not there is asked for once. */
async function ask(address: string): Promise<Uint8Array | string> {
  let failure = '';
  let askedForMs = 0;
  for (const ms of PAUSES_MS) {
    await pause(Math.max(ms, askedForMs));
    try {
      const answer = await fetch(address);
      askedForMs = Math.min(Number(answer.headers.get('retry-after')) || 0, MOST_PAUSE_S) * 1000;
      if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
      failure = String(answer.status);
      if (answer.status < 500 && answer.status !== TOO_MANY) break;
    } catch (error) {
      failure = reasonOf(error);
    }
  }
  return failure;
}

/** What `fetch` says of a connection that failed lies in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
