import { strFromU8, unzipSync } from 'fflate';
import { fail, ok, type Result } from '../../base/index.ts';
import type { ArchiveMember } from '../adapter.ts';

const CONVERSATIONS = /(^|\/)conversations(-\d+)?\.json$/;
const JUNK = /(^|\/)__MACOSX\//;

/** Rule J4: which members of a data export hold conversations. */
export function isConversationsFile(name: string): boolean {
  return CONVERSATIONS.test(name) && !JUNK.test(name);
}

/**
 * Unpacks the conversations of a data export; nothing else is inflated. Fails with `archive_too_large` when their
 * stated sizes exceed `mostBytes` together (no more than what is stated is ever written), with `bad_document` when
 * the bytes are no zip.
 */
export function unpackExport(
  zip: Uint8Array,
  mostBytes: number,
): Result<readonly ArchiveMember[], 'archive_too_large' | 'bad_document'> {
  let total = 0;
  let isTooLarge = false;
  try {
    const files = unzipSync(zip, {
      filter: ({ name, originalSize }) => {
        if (!isConversationsFile(name)) return false;
        total += originalSize;
        isTooLarge ||= total > mostBytes;
        return !isTooLarge;
      },
    });
    if (isTooLarge) return fail('archive_too_large');
    return ok(Object.entries(files).map(([name, bytes]) => ({ name, text: strFromU8(bytes) })));
  } catch {
    // fflate throws on anything that is no archive; the caller reports it by name.
    return fail('bad_document');
  }
}
