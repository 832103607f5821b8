import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HERE } from '../paths.ts';

/** One file of the Debian archive, named by its place below the mirror's address. */
export interface PinnedFile {
  readonly name: string;
  readonly version: string;
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  /** The archive as it was last kept before this moment has it; as snapshot.debian.org writes one: `20261126T062400Z`. */
  readonly at: string;
}

export interface SourcePins {
  /** Packages unpacked into the build root. */
  readonly toolchain: readonly PinnedFile[];
  /** Packages whose Python files ship. */
  readonly python: readonly PinnedFile[];
  /** Upstream sources and Debian's patches. */
  readonly sources: readonly PinnedFile[];
}

export async function readPins(): Promise<SourcePins> {
  return JSON.parse(await readFile(join(HERE, 'sources.lock.json'), 'utf8')) as SourcePins;
}
