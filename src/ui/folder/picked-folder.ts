import type { LocalDirectory, LocalFile } from './local-folder.ts';

/** What a person gave; a string where that is no folder that can be read. */
export type Picked = LocalDirectory | 'nothing' | 'refused' | 'no-folder' | 'several';

type PickDirectory = (options: { readonly mode: 'read' }) => Promise<LocalDirectory>;
type HandleOfItem = () => Promise<LocalDirectory | LocalFile | null>;

/** A file of the device that can be written where the person agreed. */
export interface WritableFile extends LocalFile {
  createWritable(): Promise<{
    write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
    close(): Promise<void>;
    abort(): Promise<void>;
  }>;
}

/** A folder of the device that can be written where the person agreed. */
export interface WritableDirectory extends LocalDirectory {
  values(): AsyncIterable<WritableFile | WritableDirectory>;
  getFileHandle(name: string, options?: { readonly create: boolean }): Promise<WritableFile>;
  getDirectoryHandle(name: string, options?: { readonly create: boolean }): Promise<WritableDirectory>;
  removeEntry(name: string): Promise<void>;
}

/** A folder's handle as the browser keeps it, with the rights that a page has to it. */
export interface KeptHandle extends WritableDirectory {
  queryPermission(right: { readonly mode: 'read' | 'readwrite' }): Promise<PermissionState>;
  isSameEntry(other: LocalDirectory): Promise<boolean>;
  /** Within a press: asks the person where they have not agreed. */
  requestPermission(right: { readonly mode: 'read' | 'readwrite' }): Promise<PermissionState>;
}

/** Whether this is a handle of the browser's own, which a database can keep. */
export const isKeptHandle = (handle: unknown): handle is KeptHandle =>
  typeof handle === 'object' && handle !== null && 'requestPermission' in handle && 'values' in handle;

/** Within a press: whether the folder may be used so; `onAsk` before the person is asked. */
export async function isAllowed(handle: KeptHandle, mode: 'read' | 'readwrite', onAsk: () => void): Promise<boolean> {
  if (await permitted(() => handle.queryPermission({ mode }))) return true;
  onAsk();
  return permitted(() => handle.requestPermission({ mode }));
}

async function permitted(ask: () => Promise<PermissionState>): Promise<boolean> {
  try {
    return (await ask()) === 'granted';
  } catch (error) {
    // The press is over, or the folder may not be given to pages.
    if (!(error instanceof DOMException)) throw error;
    return false;
  }
}

/** In which ways this browser gives a folder to a page. */
export interface PickWays {
  /** The system's picker, whose folder can be read again later. */
  readonly hasPicker: boolean;
  /** A file field for a folder, read once. */
  readonly hasField: boolean;
}

export function pickWays(): PickWays {
  const hasPicker = 'showDirectoryPicker' in globalThis;
  return { hasPicker, hasField: !hasPicker && 'webkitdirectory' in HTMLInputElement.prototype };
}

/** Within a press: shows the system's picker of folders, where `pickWays` has it. */
export async function pickFolder(): Promise<Picked> {
  const { showDirectoryPicker } = globalThis as unknown as { readonly showDirectoryPicker: PickDirectory };
  try {
    return await showDirectoryPicker({ mode: 'read' });
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    return error.name === 'AbortError' ? 'nothing' : 'refused';
  }
}

/** The folder of a drop. Call it within the event: later the browser has forgotten what was dropped. */
export async function droppedFolder(dropped: DataTransfer | null): Promise<Picked> {
  const items = [...(dropped?.items ?? [])].filter(({ kind }) => kind === 'file');
  if (items.length > 1) return 'several';
  const [item] = items;
  if (item === undefined) return 'nothing';
  const entry = item.webkitGetAsEntry();
  const { getAsFileSystemHandle } = item as { getAsFileSystemHandle?: HandleOfItem };
  try {
    const handle = await getAsFileSystemHandle?.call(item);
    if (handle) return handle.kind === 'directory' ? handle : 'no-folder';
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    return 'refused';
  }
  return isDirectoryEntry(entry) ? new EntryDirectory(entry) : 'no-folder';
}

const isDirectoryEntry = (entry: FileSystemEntry | null): entry is FileSystemDirectoryEntry =>
  entry?.isDirectory === true;

/** A dropped folder where the browser has no handles for it (Firefox). */
class EntryDirectory implements LocalDirectory {
  readonly kind = 'directory';
  readonly name: string;
  readonly #entry: FileSystemDirectoryEntry;

  constructor(entry: FileSystemDirectoryEntry) {
    this.name = entry.name;
    this.#entry = entry;
  }

  async *values(): AsyncIterable<LocalFile | LocalDirectory> {
    const reader = this.#entry.createReader();
    for (;;) {
      // A part of them at a time; none at the end.
      const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
      if (entries.length === 0) return;
      for (const entry of entries) yield isDirectoryEntry(entry) ? new EntryDirectory(entry) : fileOfEntry(entry);
    }
  }
}

function fileOfEntry(entry: FileSystemEntry): LocalFile {
  const getFile = () => new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
  return { kind: 'file', name: entry.name, getFile };
}

/** The folder that a file field for folders was given. */
export function folderOfField(files: readonly File[]): Picked {
  const root = new FieldDirectory('');
  for (const file of files) root.put(file.webkitRelativePath.split('/').filter(Boolean), file);
  const [folder] = root.inside.values();
  // A browser lists no folder without files.
  if (folder === undefined) return 'nothing';
  return folder.kind === 'directory' ? folder : 'no-folder';
}

class FieldDirectory implements LocalDirectory {
  readonly kind = 'directory';
  readonly name: string;
  readonly inside = new Map<string, FieldDirectory | LocalFile>();

  constructor(name: string) {
    this.name = name;
  }

  put([name = '', ...rest]: readonly string[], file: File): void {
    if (rest.length === 0) {
      this.inside.set(name, { kind: 'file', name, getFile: async () => file });
      return;
    }
    const there = this.inside.get(name);
    const folder = there instanceof FieldDirectory ? there : new FieldDirectory(name);
    this.inside.set(name, folder);
    folder.put(rest, file);
  }

  async *values(): AsyncIterable<LocalFile | LocalDirectory> {
    yield* this.inside.values();
  }
}
