import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from '../vendor/cache.ts';
import { sha256 } from '../vendor/digest.ts';
import { VendorError } from '../vendor/fatal.ts';
import { HERE } from './places.ts';

/** A part of the images that comes out the same, byte for byte, wherever it is made; its lock file lies in git. */
export type LockedPart = 'kernel' | 'initrd';

/** What a part of a recipe comes out as. */
interface Lock {
  /** Changes when anything does that the part is made from. */
  readonly recipe: string;
  readonly sha256: string;
}

export async function readLock(part: LockedPart): Promise<Lock> {
  return JSON.parse(await readFile(join(HERE, `${part}.lock.json`), 'utf8')) as Lock;
}

/**
 * The cached folder of a part, which `make` fills. Throws VendorError when the bytes of `file` in it are not those that the lock
 * records for the recipe; of a recipe that is not locked it says what to lock.
 */
export async function lockedFolder(
  part: LockedPart,
  { recipe, file, make }: { recipe: string; file: string; make: (folder: string) => Promise<void> },
  say: (line: string) => void,
): Promise<string> {
  const known = await readLock(part);
  const isKnown = known.recipe === recipe;
  const digestIn = async (folder: string): Promise<string> => sha256(await readFile(join(folder, file)));
  const refuseOther = (made: string): void => {
    if (isKnown && known.sha256 !== made)
      throw new VendorError(`The ${part} came out as ${made}, not as ${part}.lock.json records.`);
  };
  const folder = await cached(`linux-${part}`, recipe, async (draft) => {
    await make(draft);
    refuseOther(await digestIn(draft));
  });
  const made = await digestIn(folder);
  // A lock that was changed since does not fit what was cached for it.
  refuseOther(made);
  if (!isKnown) {
    const lock: Lock = { recipe, sha256: made };
    say(`linux: the ${part} is of a new recipe; put this into ${part}.lock.json: ${JSON.stringify(lock)}`);
  }
  return folder;
}
