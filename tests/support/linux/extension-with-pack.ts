import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ToolPackRow } from '../../../src/contracts/tool-pack.ts';

const ROOT = join(import.meta.dirname, '../../..');
/** So that a small pack comes in several pieces. */
const PIECE_BYTES = 262_144;

/**
 * The built extension once more, whose list names that pack alone; its folder, below the repository. Files are links: it is made in a
 * moment. Whoever made it removes it.
 */
export function extensionWithPack(
  row: ToolPackRow,
  bytes: Uint8Array,
  built: 'chrome-mv3' | 'firefox-mv3' = 'chrome-mv3',
): string {
  const folder = `extension/${built}-with-pack-${String(process.pid)}`;
  rmSync(join(ROOT, folder), { recursive: true, force: true });
  execFileSync('cp', ['-al', join(ROOT, 'extension', built), join(ROOT, folder)]);
  const list = join(ROOT, folder, 'vendor/linux/tool-packs.json');
  // Written anew: the file itself is the built extension's, too.
  rmSync(list);
  const pieces = Array.from({ length: Math.ceil(bytes.length / PIECE_BYTES) }, (_none, at) =>
    createHash('sha256')
      .update(bytes.subarray(at * PIECE_BYTES, (at + 1) * PIECE_BYTES))
      .digest('hex'),
  );
  writeFileSync(list, JSON.stringify([{ ...row, pieceBytes: PIECE_BYTES, pieces }]));
  return folder;
}
