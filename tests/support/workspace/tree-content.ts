import type { SessionFiles } from '../../../src/contracts/files.ts';
import { textOf } from './model-files.ts';

/** A tree as `ModelFiles.content` says it, by its own operations. Throws what it refuses. */
export async function contentOf(files: Pick<SessionFiles, 'perform'>): Promise<readonly (readonly [string, string])[]> {
  const found: (readonly [string, string])[] = [];
  const walk = async (path: string): Promise<void> => {
    const listed = await files.perform({ op: 'list', path });
    if (!listed.ok) throw new Error(`list ${path}: ${listed.errno}`);
    for (const entry of listed.entries ?? []) {
      if (entry.kind === 'directory') {
        found.push([entry.path, 'directory']);
        await walk(entry.path);
        continue;
      }
      const read = await files.perform({ op: 'read', path: entry.path, position: 0, length: entry.sizeBytes + 1 });
      if (!read.ok) throw new Error(`read ${entry.path}: ${read.errno}`);
      const bytes = read.bytes ?? new Uint8Array(0);
      if (bytes.length !== entry.sizeBytes)
        throw new Error(`${entry.path}: ${bytes.length} of ${entry.sizeBytes} bytes`);
      found.push([entry.path, textOf(bytes)]);
    }
  };
  await walk('');
  return found.sort(([one], [other]) => (one < other ? -1 : 1));
}
