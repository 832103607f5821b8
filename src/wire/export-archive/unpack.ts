import { strFromU8, unzipSync } from 'fflate';
import { fail, ok, type Result } from '../../base/index.ts';
import type { ArchiveMember } from '../adapter.ts';

const CONVERSATIONS = /(^|\/)conversations(-\d+)?\.json$/;
const ARCHIVE = /\.zip$/i;
/** How the site names an archive of conversations within the archive. */
const NAMED_FOR_IT = /conversation|chatgpt/i;
const JUNK = /(^|\/)__MACOSX\//;
const DEEPEST_ARCHIVE = 2;
const MOST_ARCHIVES = 64;

/** Rule J4: which members of a data export hold conversations. */
export function isConversationsFile(name: string): boolean {
  return CONVERSATIONS.test(name) && !JUNK.test(name);
}

/** What may still be inflated, of an archive and of all within it together. */
interface Budget {
  bytes: number;
  archives: number;
}

/**
 * Unpacks the conversations of a data export, and of the archives within it where it has none itself (rule J4); nothing
 * else is inflated. Fails with `archive_too_large` when the stated sizes exceed `mostBytes` together (no more than what is
 * stated is ever written), with `bad_document` when the bytes are no zip. An archive within that is none becomes a member
 * without text, so that who reads it counts it.
 */
export function unpackExport(
  zip: Uint8Array,
  mostBytes: number,
): Result<readonly ArchiveMember[], 'archive_too_large' | 'bad_document'> {
  return unpack(zip, { bytes: mostBytes, archives: MOST_ARCHIVES }, 0);
}

function unpack(
  zip: Uint8Array,
  budget: Budget,
  depth: number,
): Result<readonly ArchiveMember[], 'archive_too_large' | 'bad_document'> {
  try {
    const own = inflate(zip, isConversationsFile, budget);
    if (!own) return fail('archive_too_large');
    if (own.length > 0 || depth === DEEPEST_ARCHIVE)
      return ok(own.map(([name, bytes]) => ({ name, text: strFromU8(bytes) })));
    const archives = inflate(zip, (name) => isArchive(name, budget), budget);
    return archives ? unpackAll(archives, budget, depth + 1) : fail('archive_too_large');
  } catch {
    // fflate throws on anything that is no archive; the caller reports it by name.
    return fail('bad_document');
  }
}

function unpackAll(
  archives: readonly [string, Uint8Array][],
  budget: Budget,
  depth: number,
): ReturnType<typeof unpackExport> {
  const members: ArchiveMember[] = [];
  for (const [archive, bytes] of archives) {
    const inner = unpack(bytes, budget, depth);
    if (inner.ok) for (const { name, text } of inner.value) members.push({ name: `${archive}/${name}`, text });
    else if (inner.error === 'archive_too_large') return inner;
    else if (NAMED_FOR_IT.test(archive)) members.push({ name: `${archive}/conversations.json`, text: '' });
  }
  return ok(members);
}

/** The members that are wanted, inflated; null when their stated sizes exceed what is left. */
function inflate(
  zip: Uint8Array,
  isWanted: (name: string) => boolean,
  budget: Budget,
): readonly [string, Uint8Array][] | null {
  const files = unzipSync(zip, {
    filter: ({ name, originalSize }) => {
      if (!isWanted(name)) return false;
      budget.bytes -= originalSize;
      return budget.bytes >= 0;
    },
  });
  return budget.bytes < 0 ? null : Object.entries(files);
}

function isArchive(name: string, budget: Budget): boolean {
  if (!ARCHIVE.test(name) || JUNK.test(name)) return false;
  budget.archives -= 1;
  return budget.archives >= 0;
}
