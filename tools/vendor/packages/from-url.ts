import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../digest.ts';
import { VendorError } from '../fatal.ts';
import { normalName, type PackageSpec } from './spec.ts';

/** What this tool reads of one package in Pyodide's own lock file. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  readonly file_name: string;
  readonly sha256: string;
  readonly depends: readonly string[];
  readonly imports: readonly string[];
}
export type LockedPackages = Readonly<Record<string, LockedPackage>>;

/** Roots of the optional pack: what cannot be built here. */
export const SCIENCE_PACK_ROOTS = ['scipy', 'scikit-learn', 'sqlite3', 'lzma'];

/** A package and all it depends on in the lock file, without those named in `present`. Unknown names are left out. */
export function lockedClosure(
  lock: LockedPackages,
  roots: readonly string[],
  present: ReadonlySet<string>,
): LockedPackage[] {
  const found = new Map<string, LockedPackage>();
  const visit = (name: string): void => {
    const key = normalName(name);
    const locked = Object.values(lock).find((entry) => normalName(entry.name) === key);
    if (!locked || found.has(key) || present.has(key)) return;
    found.set(key, locked);
    for (const dependency of locked.depends) visit(dependency);
  };
  for (const root of roots) visit(root);
  return [...found.values()];
}

/** Official wheels that stand in for those that we build ourselves. */
export function replaceable(
  lock: LockedPackages,
  specs: readonly PackageSpec[],
): { spec: PackageSpec; locked: LockedPackage }[] {
  const byName = new Map(Object.values(lock).map((locked) => [normalName(locked.name), locked]));
  return specs.flatMap((spec) => {
    const locked = spec.from === 'built' ? byName.get(normalName(spec.name)) : undefined;
    return locked ? [{ spec, locked }] : [];
  });
}

/**
 * Takes a wheel by its file name from an address or a folder and checks it against the lock file. Throws when the bytes
 * are others; null when the place does not have the file. Kept in `cache` by its SHA-256.
 */
export async function takeOfficial(base: string, locked: LockedPackage, cache: string): Promise<Uint8Array | null> {
  const place = join(cache, `${locked.sha256.slice(0, 12)}-${locked.file_name}`);
  const bytes = existsSync(place) ? new Uint8Array(await readFile(place)) : await read(base, locked.file_name);
  if (bytes === null) return null;
  const digest = sha256(bytes);
  if (digest !== locked.sha256) {
    throw new VendorError(
      `${locked.file_name} from ${base} is not the official file and was refused: its SHA-256 is ${digest}, Pyodide's lock file says ${locked.sha256}.`,
    );
  }
  await mkdir(cache, { recursive: true });
  await writeFile(place, bytes);
  return bytes;
}

async function read(base: string, file: string): Promise<Uint8Array | null> {
  if (!/^https?:\/\//.test(base)) {
    const place = join(base, file);
    return existsSync(place) ? new Uint8Array(await readFile(place)) : null;
  }
  const answer = await fetch(`${base.replace(/\/$/, '')}/${encodeURIComponent(file)}`).catch((cause: unknown) => {
    throw new VendorError(`${base} cannot be reached: ${String(cause)}`);
  });
  if (answer.status === 404 || answer.status === 410) return null;
  if (!answer.ok) throw new VendorError(`${base} answers ${String(answer.status)} for ${file}.`);
  return new Uint8Array(await answer.arrayBuffer());
}
