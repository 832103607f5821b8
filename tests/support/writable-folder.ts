import type { KeptHandle, WritableDirectory, WritableFile } from '../../src/ui/folder/picked-folder.ts';

const domError = (name: string) => new DOMException(name, name);

/** A folder of a person's device that may be written, as the browser's handles show it. Each write is later than those before. */
export class WritableFolder implements WritableDirectory {
  readonly kind = 'directory';
  readonly name: string;
  readonly inside = new Map<string, WritableFolder | WrittenFile>();
  /** Names that are not listed and yet lead somewhere. */
  readonly links = new Set<string>();
  /** Whether the device takes `A` and `a` for one name. */
  knowsCase = true;
  /** How many entries were listed. */
  listed = 0;
  /** Just after bytes were written to a file that lies in it. */
  onWrite: () => void = () => undefined;
  /** What the device refuses of each file. */
  fails: 'write' | 'close' | null = null;

  constructor(name: string, files: Readonly<Record<string, string>> = {}) {
    this.name = name;
    for (const [file, text] of Object.entries(files)) this.inside.set(file, new WrittenFile(this, file, text));
  }

  async *values() {
    for (const entry of this.inside.values()) {
      this.listed += 1;
      yield entry;
    }
  }

  async getFileHandle(name: string, options?: { readonly create: boolean }) {
    const there = this.#find(name);
    if (there instanceof WritableFolder) throw domError('TypeMismatchError');
    if (there === undefined && options?.create !== true) throw domError('NotFoundError');
    const file = there ?? new WrittenFile(this, name, '');
    this.inside.set(file.name, file);
    return file;
  }

  async getDirectoryHandle(name: string, options?: { readonly create: boolean }) {
    const there = this.#find(name);
    if (there instanceof WrittenFile) throw domError('TypeMismatchError');
    if (there === undefined && options?.create !== true) throw domError('NotFoundError');
    const folder = there ?? new WritableFolder(name);
    if (!this.links.has(name)) this.inside.set(folder.name, folder);
    return folder;
  }

  async removeEntry(name: string) {
    const there = this.inside.get(name);
    if (there === undefined) throw domError('NotFoundError');
    if (there instanceof WritableFolder && there.inside.size > 0) throw domError('InvalidModificationError');
    this.inside.delete(name);
  }

  /** An edit by hand. */
  edit(name: string, text: string): void {
    const there = this.inside.get(name);
    const file = there instanceof WrittenFile ? there : new WrittenFile(this, name, text);
    file.text = text;
    file.lastModified += 1;
    this.inside.set(name, file);
  }

  /** All texts by path. */
  texts(): Record<string, string> {
    return Object.fromEntries(
      [...this.inside].flatMap(([name, entry]) =>
        entry instanceof WritableFolder
          ? Object.entries(entry.texts()).map(([path, text]) => [`${name}/${path}`, text])
          : [[name, entry.text]],
      ),
    );
  }

  #find(name: string) {
    if (name.includes(':')) throw new TypeError('name not allowed');
    if (this.links.has(name)) return new WritableFolder('elsewhere');
    const there = this.inside.get(name);
    if (there !== undefined || this.knowsCase) return there;
    return [...this.inside.values()].find((entry) => entry.name.toLowerCase() === name.toLowerCase());
  }
}

/** The same as a browser's own handle, whose person answers as `answers` says. */
export class KeptFolder extends WritableFolder implements KeptHandle {
  /** What is granted by now. */
  readonly rights: Record<'read' | 'readwrite', PermissionState> = { read: 'granted', readwrite: 'prompt' };
  answers: () => PermissionState | Promise<PermissionState> = () => 'granted';
  readonly asked: string[] = [];

  async isSameEntry(other: unknown) {
    return other === this;
  }

  async queryPermission({ mode }: { readonly mode: 'read' | 'readwrite' }) {
    return this.rights[mode];
  }

  async requestPermission({ mode }: { readonly mode: 'read' | 'readwrite' }) {
    this.asked.push(mode);
    return (this.rights[mode] = await this.answers());
  }
}

class WrittenFile implements WritableFile {
  readonly kind = 'file';
  readonly name: string;
  text: string;
  lastModified = 1;
  readonly #folder: WritableFolder;

  constructor(folder: WritableFolder, name: string, text: string) {
    this.#folder = folder;
    this.name = name;
    this.text = text;
  }

  async getFile() {
    if (this.#folder.inside.get(this.name) !== this) throw domError('NotFoundError');
    return new File([this.text], this.name, { lastModified: this.lastModified });
  }

  async createWritable() {
    let written = '';
    const refuse = (step: 'write' | 'close') => {
      if (this.#folder.fails === step) throw domError('NoModificationAllowedError');
    };
    return {
      write: async (bytes: Uint8Array) => {
        refuse('write');
        written += new TextDecoder().decode(bytes);
        this.#folder.onWrite();
      },
      close: async () => {
        refuse('close');
        this.text = written;
        this.lastModified += 1;
      },
      abort: async () => undefined,
    };
  }
}
