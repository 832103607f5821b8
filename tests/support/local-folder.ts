import type { LocalDirectory, LocalFile } from '../../src/ui/folder/local-folder.ts';

/** Files by name, folders as more of the same; `null` is a file that cannot be read. */
export interface LocalTree {
  readonly [name: string]: string | null | File | LocalTree;
}

/** A folder of a person's device as the browser's handles show it. */
export function localFolder(name: string, tree: LocalTree): LocalDirectory {
  return {
    kind: 'directory',
    name,
    async *values() {
      for (const [inner, what] of Object.entries(tree)) yield entryOf(inner, what);
    },
  };
}

function entryOf(name: string, what: LocalTree[string]): LocalDirectory | LocalFile {
  if (what !== null && typeof what === 'object' && !(what instanceof File)) return localFolder(name, what);
  return {
    kind: 'file',
    name,
    async getFile() {
      if (what === null) throw new DOMException('locked', 'NotReadableError');
      return what instanceof File ? what : new File([what], name, { lastModified: 1 });
    },
  };
}

/** A file that says it has so many bytes and cannot be read. */
export function fileOfSize(name: string, size: number): File {
  return Object.defineProperty(new File([], name), 'size', { value: size });
}
