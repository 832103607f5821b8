import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** One key out of many parts; changes when any part or their order does. */
export function keyOf(...parts: readonly string[]): string {
  return sha256(JSON.stringify(parts)).slice(0, 32);
}

/** Digest over names and contents of every file below the given files and folders; missing ones count as empty. */
export async function digestOfSources(paths: readonly string[]): Promise<string> {
  const lines: string[] = [];
  for (const path of paths) {
    for (const file of await filesBelow(path)) {
      // Texts and tests change nothing that is made.
      if (/(\.md|\.test\.ts)$/.test(file)) continue;
      lines.push(`${relative(path, file)} ${sha256(await readFile(file))}`);
    }
  }
  return keyOf(...lines);
}

/** All files below a folder, sorted; the path itself when it is a file; nothing when it does not exist. */
export async function filesBelow(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOTDIR') return null;
      if (error.code === 'ENOENT') return [];
      throw error;
    },
  );
  if (entries === null) return [path];
  return entries
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('__pycache__'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
