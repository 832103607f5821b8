import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { VendorError } from '../fatal.ts';
import { CACHE } from '../paths.ts';

/** Address of the Debian archive that a sources file names first: deb822 (`URIs:`) or one-line (`deb … uri suite`) form. */
export function archiveAddress(sourcesText: string): string | null {
  for (const line of sourcesText.split('\n')) {
    const field = /^URIs:\s*(\S+)/.exec(line)?.[1] ?? /^deb\s+(?:\[[^\]]*\]\s*)?(\S+)\s/.exec(line)?.[1];
    // The security archive has another pool; other vendors' archives have none of these packages.
    if (field !== undefined && /\/debian\/?$/.test(field)) return field.replace(/\/$/, '');
  }
  return null;
}

/**
 * Where a file of the archive is for good, when mirrors have it no more: a mirror drops a package once its successor is out. A moment's
 * archive is the last one that was taken before it (https://snapshot.debian.org).
 */
export function archiveOf(at: string): string {
  return `${process.env['COMPANION_DEBIAN_SNAPSHOTS'] ?? 'https://snapshot.debian.org/archive/debian'}/${at}`;
}

/** The machine's own Debian mirror, from apt's sources, or `COMPANION_DEBIAN_MIRROR`. */
export async function debianMirror(): Promise<string> {
  const chosen = process.env['COMPANION_DEBIAN_MIRROR'];
  if (chosen !== undefined) return chosen.replace(/\/$/, '');
  const folder = '/etc/apt/sources.list.d';
  const lists = await readdir(folder).catch(() => [] as string[]);
  for (const file of ['/etc/apt/sources.list', ...lists.map((name) => join(folder, name))]) {
    // A list that is absent or unreadable names no mirror; the end of the function says so if none does.
    const address = archiveAddress(await readFile(file, 'utf8').catch(() => ''));
    if (address !== null) return address;
  }
  throw new VendorError(
    `No Debian mirror: build the Python packages on Debian, set COMPANION_DEBIAN_MIRROR, or copy ${CACHE} ` +
      'from a machine that built them.',
  );
}
