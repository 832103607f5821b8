import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../digest.ts';
import { VendorError } from '../fatal.ts';
import { GIVEN, PYODIDE } from '../paths.ts';
import { normalName, readPackagePins, readPackSpecs, readSpecs, type PackageSpec } from './spec.ts';

/** What this tool reads of one package in Pyodide's own lock file. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  readonly file_name: string;
  readonly sha256: string;
  readonly depends: readonly string[];
}
export type LockedPackages = Readonly<Record<string, LockedPackage>>;

export interface Pinned {
  readonly spec: PackageSpec;
  readonly locked: LockedPackage;
}

/** An official wheel, checked against the lock file. */
export interface GivenWheel extends Pinned {
  readonly bytes: Uint8Array;
}

export interface Given {
  /** Stand in for those that we build ourselves. */
  readonly instead: readonly GivenWheel[];
  /** The whole science pack, or nothing. */
  readonly pack: readonly GivenWheel[];
}

export interface GivenOptions {
  /** Address or folder of official wheels; null takes only what an earlier run has kept. */
  readonly base: string | null;
  /** Where wheels are kept for later runs, by file name and SHA-256. */
  readonly kept?: string;
  readonly lock?: LockedPackages;
}

/**
 * Takes the official wheels that a person has: of what we build ourselves those that are there, of the science pack all or
 * none. Throws a VendorError, and keeps nothing, when the place has a wrong file, a part of the pack, or nothing at all.
 */
export async function takeGiven(options: GivenOptions, say: (line: string) => void): Promise<Given> {
  const { base, kept = GIVEN } = options;
  const lock = options.lock ?? (await readLock());
  const { version } = (await readPackagePins()).pyodide;
  const find = async ({ spec, locked }: Pinned): Promise<GivenWheel | string> => {
    const bytes = (await readKept(kept, locked)) ?? (base === null ? null : await takeChecked(base, locked, version));
    return bytes ? { spec, locked, bytes } : locked.file_name;
  };
  const findAll = async (specs: readonly PackageSpec[]): Promise<{ found: GivenWheel[]; missing: string[] }> => {
    const answers = await Promise.all(pinned(specs, lock).map(find));
    return {
      found: answers.filter((answer) => typeof answer !== 'string'),
      missing: answers.filter((answer) => typeof answer === 'string'),
    };
  };
  const instead = await findAll((await readSpecs()).filter(({ from }) => from === 'built'));
  const pack = await findAll(await readPackSpecs());
  const isNothing = instead.found.length + pack.found.length === 0;
  if (base !== null && pack.missing.length > 0 && (pack.found.length > 0 || isNothing)) {
    throw new VendorError(
      `${base} lacks ${pack.missing.join(', ')} of the science pack. Nothing was changed. Put what is missing there (the ` +
        `archive of Pyodide's release ${version} has it), or run this without --from-url.`,
    );
  }
  const given: Given = { instead: instead.found, pack: pack.missing.length > 0 ? [] : pack.found };
  for (const wheel of [...given.instead, ...given.pack]) await keep(kept, wheel);
  for (const { spec, locked } of given.instead) say(`from-url: ${locked.file_name} replaces our ${spec.name}`);
  if (base !== null && instead.missing.length > 0) say(`from-url: ours stays for ${instead.missing.join(', ')}`);
  if (base !== null || given.pack.length > 0)
    say(`from-url: ${given.pack.length > 0 ? 'with' : 'without'} the science pack`);
  return given;
}

/** Pyodide's own list of its packages, as the pinned npm package brings it. */
export async function readLock(): Promise<LockedPackages> {
  const lock = JSON.parse(await readFile(join(PYODIDE, 'pyodide-lock.json'), 'utf8')) as { packages: LockedPackages };
  return lock.packages;
}

/** The packages with their rows of the lock file; those that it does not have are left out. */
export function pinned(specs: readonly PackageSpec[], lock: LockedPackages): Pinned[] {
  const byName = new Map(Object.values(lock).map((locked) => [normalName(locked.name), locked]));
  return specs.flatMap((spec) => {
    const locked = byName.get(normalName(spec.name));
    return locked ? [{ spec, locked }] : [];
  });
}

const placeOf = (kept: string, locked: LockedPackage): string =>
  join(kept, `${locked.sha256.slice(0, 12)}-${locked.file_name}`);

async function readKept(kept: string, locked: LockedPackage): Promise<Uint8Array | null> {
  const bytes = await readFile(placeOf(kept, locked)).catch(() => null);
  return bytes && sha256(bytes) === locked.sha256 ? new Uint8Array(bytes) : null;
}

async function keep(kept: string, { locked, bytes }: GivenWheel): Promise<void> {
  await mkdir(kept, { recursive: true });
  await writeFile(placeOf(kept, locked), bytes);
}

/** Null when the place does not have the file; throws when it has another one of this name. */
async function takeChecked(base: string, locked: LockedPackage, version: string): Promise<Uint8Array | null> {
  const bytes = await read(base, locked.file_name);
  const digest = bytes && sha256(bytes);
  if (digest === null || digest === locked.sha256) return bytes;
  throw new VendorError(
    `${locked.file_name} from ${base} is not the official file and was refused: its SHA-256 is ${digest}, Pyodide's lock ` +
      `file says ${locked.sha256}. Nothing was changed. Put the file of Pyodide's release ${version} there.`,
  );
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
