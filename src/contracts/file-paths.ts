import { LIMITS } from './limits.ts';

/** The store's own bound on a name, after encoding; the same as on most file systems. */
const NAME_BYTES = 255;

/**
 * Names below the root, or null for a path that is not one: `..`, absolute, a NUL, too long. `.` and empty parts are
 * dropped, so that '' and '.' are the root. Names are kept as they are: é and e + ´ are two names, as on Linux.
 */
export function namesOf(path: string): readonly string[] | null {
  if (path.length > LIMITS.filePathUtf16.standard || path.startsWith('/') || path.includes('\0')) return null;
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  return names.some((name) => name === '..' || storedName(name) === null) ? null : names;
}

/** What some platform refuses in a name, wherever it stands; and our own escape sign. */

const AWKWARD = /[\u0000-\u001f\u007f%\\:*?"<>|]/g;
/** A lone half of a pair would become U+FFFD in the store. */
const HALF = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
/** Refused or eaten at the end of a name: dot and space (Windows), Chromium's own suffixes for half-written files. */
const AWKWARD_END = /[. ]$|\.crswap$|\.crdownload$/i;
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

const escape = (unit: string): string => `%${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
const escapeLast = (text: string): string => text.slice(0, -1) + escape(text.slice(-1));
const escapeFirst = (text: string): string => escape(text.slice(0, 1)) + text.slice(1);

/** A program's name of a file as the store takes it; null when it is too long. `nameOf` is its inverse. */
export function storedName(name: string): string | null {
  const stored = name
    .replace(AWKWARD, escape)
    .replace(HALF, escape)
    .replace(DEVICE, escapeFirst)
    .replace(AWKWARD_END, escapeLast);
  return new TextEncoder().encode(stored).length <= NAME_BYTES ? stored : null;
}

export function nameOf(stored: string): string {
  return stored.replace(/%([0-9a-f]{4})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
