import { LIMITS } from '../../../contracts/limits.ts';
import { FileError } from './file-error.ts';

/** The store's own bound on a name; the same as on most file systems. */
const NAME_BYTES = 255;
/** So many units are never more bytes than a name may have. */
const SURELY_SHORT = NAME_BYTES / 3;

const isTooLong = (name: string): boolean =>
  name.length > SURELY_SHORT && new TextEncoder().encode(name).length > NAME_BYTES;

/** The names below the root; throws `EINVAL` for what leaves the tree or is no path. */
export function namesIn(path: string): string[] {
  const isPath = path.length <= LIMITS.filePathUtf16.standard && !path.startsWith('/') && !path.includes('\0');
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  if (!isPath || names.includes('..') || names.some(isTooLong)) throw new FileError('EINVAL', path.slice(0, 100));
  return names;
}

/** The one way to write a path, so that what is remembered by path is found again. */
export function plainPath(path: string): string {
  // Most paths are plain already.
  return /^$|^[^./][^/]*(?:\/[^./][^/]*)*$/u.test(path) && path.length <= SURELY_SHORT && !path.includes('\0')
    ? path
    : namesIn(path).join('/');
}

/**
 * A path as programs write it, seen from a folder inside the tree, made into one below the root. `cwd` and `mountPath` are
 * absolute. Null where it is outside of the tree: an engine answers `ENOENT` there.
 */
export function belowMount(path: string, cwd: string, mountPath: string): string | null {
  const names: string[] = [];
  for (const name of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (name === '' || name === '.') continue;
    if (name === '..') names.pop();
    else names.push(name);
  }
  const mount = mountPath.split('/').filter(Boolean);
  return mount.every((name, at) => names[at] === name) ? names.slice(mount.length).join('/') : null;
}
