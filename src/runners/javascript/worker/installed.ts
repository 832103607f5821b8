import { type PathConditions, resolveExports } from 'resolve-pkg-maps';

export interface InstalledFiles {
  readonly mountPath: string;
  /** Both take absolute paths below it. */
  readonly isFile: (path: string) => boolean;
  readonly text: (path: string) => string;
}

export interface Wanted {
  /** As a program writes it: `pad`, `@own/pad`, `pad/lib/left`. */
  readonly name: string;
  /** Absolute path of the file that wants it. */
  readonly from: string;
  readonly by: 'import' | 'require';
}

const ENDINGS = ['', '.js', '.cjs', '.mjs', '.json', '/index.js'];

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));

/** The file of a package in the nearest `node_modules`, as Node finds it; null where there is none. */
export function installedFile(files: InstalledFiles, { name, from, by }: Wanted): string | null {
  const [, scoped, inside = ''] = /^((?:@[^/]+\/)?[^/]+)(?:\/(.+))?$/u.exec(name) ?? [];
  if (scoped === undefined) return null;
  for (let folder = folderOf(from); folder.startsWith(files.mountPath); folder = folderOf(folder)) {
    const root = `${folder}/node_modules/${scoped}`;
    if (!files.isFile(`${root}/package.json`)) continue;
    for (const path of pathsOf(manifestOf(files.text(`${root}/package.json`)), inside, by)) {
      const found = ENDINGS.map((ending) => `${root}/${path}${ending}`).find(files.isFile);
      if (found !== undefined) return found;
    }
    return null;
  }
  return null;
}

interface Manifest {
  readonly main?: unknown;
  readonly exports?: unknown;
}

/** Of a stranger; what cannot be read is a package that says nothing of itself. */
function manifestOf(text: string): Manifest {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {}; // its index.js is looked for
  }
}

/** Paths below the package's folder, the first that is a file counts. */
function pathsOf({ main, exports }: Manifest, inside: string, by: Wanted['by']): readonly string[] {
  if (exports !== undefined && exports !== null) {
    try {
      return resolveExports(exports as PathConditions, inside, ['node', by]).map(plain);
    } catch {
      return []; // it exports no such thing, or nothing that is understood
    }
  }
  if (inside !== '') return [inside];
  return [...(typeof main === 'string' && main !== '' ? [plain(main)] : []), 'index.js', 'index.json'];
}

const plain = (path: string): string => path.replace(/^(?:\.\/)+/u, '').replace(/\/$/u, '');
