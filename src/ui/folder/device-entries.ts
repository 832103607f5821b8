import type { WritableDirectory, WritableFile } from './picked-folder.ts';

/** What stands in the place of an entry: something that leads elsewhere, or one whose name differs in case or accents alone. */
export type InPlace = 'link' | 'case';

/** A folder that was made on the way to a file. */
export interface Made {
  readonly parent: WritableDirectory;
  readonly name: string;
}

/** The entry of that name; null where there is none. Links are not listed and yet lead somewhere: out of the folder, perhaps. */
export async function entryIn(
  folder: WritableDirectory,
  name: string,
): Promise<WritableDirectory | WritableFile | InPlace | null> {
  // A folder is listed only where there is something: thousands of new files would each list all those before.
  const isThere =
    (await leads(() => folder.getFileHandle(name))) || (await leads(() => folder.getDirectoryHandle(name)));
  if (!isThere) return null;
  let inPlace: InPlace = 'link';
  for await (const entry of folder.values()) {
    if (entry.name === name) return entry;
    if (alike(entry.name) === alike(name)) inPlace = 'case';
  }
  return inPlace;
}

/** Devices that know no case, or no way of writing an accent, take these for one name. */
const alike = (name: string): string => name.normalize('NFC').toLowerCase();

async function leads(lead: () => Promise<unknown>): Promise<boolean> {
  try {
    await lead();
    return true;
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    if (error.name === 'TypeMismatchError') return true;
    if (error.name !== 'NotFoundError') throw error;
    return false;
  }
}

/** The folder below `root`, made where that is allowed and it is missing; `made` takes note of each. A string where there is none. */
export async function folderAt(
  root: WritableDirectory,
  names: readonly string[],
  made: Made[] | null,
): Promise<WritableDirectory | InPlace | 'none'> {
  let at = root;
  for (const name of names) {
    const entry = await entryIn(at, name);
    if (typeof entry === 'string') return entry;
    if (entry?.kind === 'file' || (entry === null && made === null)) return 'none';
    const parent = at;
    at = entry ?? (await parent.getDirectoryHandle(name, { create: true }));
    if (entry === null) made?.push({ parent, name });
  }
  return at;
}

/** Removes folders that were made for nothing; one that somebody else uses by now stays, with those above it. */
export async function removeMade(made: readonly Made[]): Promise<void> {
  for (const { parent, name } of made.toReversed()) {
    try {
      await parent.removeEntry(name);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      return;
    }
  }
}
