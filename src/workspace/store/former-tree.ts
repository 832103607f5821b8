import type { FileOperation } from '../../contracts/files.ts';
import type { OpfsDirectory } from './opfs-handles.ts';
import { nameOf } from '../../contracts/file-paths.ts';

const WINDOW_BYTES = 4 * 1024 * 1024;

/** A tree as layout version 1 kept it, a folder of plain files under escaped names, as the operations that make it anew. */
export async function* formerOperations(
  directory: OpfsDirectory,
  prefix = '',
): AsyncGenerator<{ readonly operation: FileOperation; readonly atMs: number | null }> {
  for await (const entry of directory.values()) {
    const path = prefix + nameOf(entry.name);
    if (entry.kind === 'directory') {
      yield { operation: { op: 'mkdir', path }, atMs: null };
      yield* formerOperations(entry, `${path}/`);
      continue;
    }
    const file = await entry.getFile();
    for (let position = 0; position === 0 || position < file.size; position += WINDOW_BYTES) {
      const bytes = new Uint8Array(await file.slice(position, position + WINDOW_BYTES).arrayBuffer());
      yield { operation: { op: 'write', path, position, bytes, truncateTo: null }, atMs: file.lastModified };
    }
  }
}
