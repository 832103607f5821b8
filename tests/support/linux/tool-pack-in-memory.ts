import type { ToolPackHandlers } from '../../../src/host/tool-pack/index.ts';
import { type PackFolder, ToolPackShelf, type ToolPackShelfOptions } from '../../../src/host/tool-pack/shelf.ts';
import type { ToolPackRow } from '../../../src/contracts/tool-pack.ts';

/** A browser's folder in memory, where a file that is written has a draft beside it, as in Chromium; `room` is what it takes before its disk is full. */
export function packFolder(room = Infinity): PackFolder & { readonly files: Map<string, Blob> } {
  const files = new Map<string, Blob>();
  return {
    files,
    async getFileHandle(name, { create = false } = {}) {
      if (!files.has(name) && !create) throw new DOMException('no such file', 'NotFoundError');
      if (!files.has(name)) files.set(name, new Blob([]));
      return {
        getFile: async () => files.get(name) ?? new Blob([]),
        async createWritable() {
          const pieces: Uint8Array<ArrayBuffer>[] = [];
          const swap = `${name}.crswap`;
          files.set(swap, new Blob([]));
          return {
            async write(piece) {
              if (!files.has(swap)) throw new DOMException('its draft is gone', 'InvalidStateError');
              pieces.push(piece);
              if (new Blob(pieces).size > room) throw new DOMException('the disk is full', 'QuotaExceededError');
            },
            async close() {
              files.delete(swap);
              files.set(name, new Blob(pieces));
            },
            abort: async () => void files.delete(swap),
          };
        },
      };
    },
    removeEntry: async (name) => void files.delete(name),
    async *keys() {
      yield* [...files.keys()];
    },
  };
}

/** A shelf that knows these packs, over a folder and records in memory. */
export function toolPackShelf(
  rows: readonly ToolPackRow[],
  options: Partial<ToolPackShelfOptions> & { readonly folderIs?: PackFolder } = {},
): ToolPackShelf {
  const { folderIs = packFolder() } = options;
  const texts = new Map<string, string>();
  let now = 0;
  return new ToolPackShelf({
    list: async () => JSON.stringify(rows),
    folder: async () => folderIs,
    records: { read: async (name) => texts.get(name) ?? null, write: async (name, text) => void texts.set(name, text) },
    freeBytes: async () => 1_000_000_000,
    isInUse: () => false,
    onChange: () => undefined,
    now: () => (now += 1),
    ...options,
  });
}

/** Adds a file as a page does; the answer to its last piece. */
export async function addPack(
  shelf: ToolPackShelf,
  { row, bytes }: { readonly row: ToolPackRow; readonly bytes: Uint8Array },
): ReturnType<ToolPackShelf['add']> {
  let answer = await shelf.status();
  for (let position = 0; position === 0 || (position < bytes.length && answer.ok); position += row.pieceBytes) {
    const piece = bytes.slice(position, position + row.pieceBytes);
    answer = await shelf.add({ name: 'mine.pack', sizeBytes: bytes.length, position, bytes: piece });
  }
  return answer;
}

/** What the host answers with it. */
export const toolPackHandlers = (shelf: ToolPackShelf): ToolPackHandlers => ({
  toolPack: () => shelf.status(),
  addToolPack: (piece) => shelf.add(piece),
  dropToolPack: () => shelf.drop(),
  removeToolPack: () => shelf.remove(),
});
