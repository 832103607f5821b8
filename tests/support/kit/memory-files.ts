import type { FileAnswer, FileErrno, FileOperation, FileStat, SessionFiles } from '../../../src/contracts/files.ts';
import { tellOf, Watchers } from '../../../src/workspace/watchers.ts';

interface Entry {
  bytes: Uint8Array | null;
  modifiedAtMs: number;
}

/** A session's tree that lives in this process: what the workspace is in the product. */
export class MemoryFiles implements SessionFiles {
  readonly mountPath = '/mnt/data';
  readonly entries = new Map<string, Entry>();
  readonly operations: FileOperation[] = [];
  readonly #watchers = new Watchers<'tree'>();
  readonly onChange: SessionFiles['onChange'] = (listener, { signal }) => this.#watchers.add('tree', listener, signal);

  put(path: string, content: string | Uint8Array): void {
    const parts = path.split('/');
    for (let depth = 1; depth < parts.length; depth += 1) {
      const folder = parts.slice(0, depth).join('/');
      if (this.entries.has(folder)) continue;
      this.entries.set(folder, { bytes: null, modifiedAtMs: Date.now() });
      this.#watchers.tell('tree', { kind: 'mkdir', path: folder });
    }
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    this.entries.set(path, { bytes, modifiedAtMs: Date.now() });
    this.#watchers.tell('tree', { kind: 'write', path });
  }

  text(path: string): string | null {
    const bytes = this.entries.get(path)?.bytes;
    return bytes ? new TextDecoder().decode(bytes) : null;
  }

  async all(): Promise<readonly FileStat[]> {
    return [...this.entries].flatMap(([path, entry]) => (entry.bytes ? [statOf(path, entry)] : []));
  }

  async perform(operation: FileOperation): Promise<FileAnswer> {
    this.operations.push(operation);
    const answer = this.#do(operation);
    if (answer.ok) tellOf(operation, (change) => this.#watchers.tell('tree', change));
    return answer;
  }

  #do(operation: FileOperation): FileAnswer {
    const { entries } = this;
    const refuse = (errno: FileErrno): FileAnswer => ({ ok: false, errno });
    const { path } = operation;
    if (path.split('/').includes('..')) return refuse('EINVAL');
    const entry = path === '' ? { bytes: null, modifiedAtMs: 0 } : entries.get(path);
    const parent = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
    const hasParent = parent === '' || entries.get(parent)?.bytes === null;
    switch (operation.op) {
      case 'stat':
        return entry ? { ok: true, stat: statOf(path, entry) } : refuse('ENOENT');
      case 'list': {
        if (!entry) return refuse('ENOENT');
        const prefix = path === '' ? '' : `${path}/`;
        const below = [...entries].filter(
          ([key]) => key.startsWith(prefix) && !key.slice(prefix.length).includes('/') && key !== path,
        );
        return { ok: true, entries: below.map(([key, value]) => statOf(key, value)) };
      }
      case 'read':
        if (!entry) return refuse('ENOENT');
        if (!entry.bytes) return refuse('EISDIR');
        return { ok: true, bytes: entry.bytes.slice(operation.position, operation.position + operation.length) };
      case 'write': {
        if (!hasParent) return refuse('ENOENT');
        if (entry && !entry.bytes) return refuse('EISDIR');
        entries.set(path, { bytes: written(entry?.bytes ?? new Uint8Array(), operation), modifiedAtMs: Date.now() });
        return { ok: true };
      }
      case 'mkdir':
        if (entry) return refuse('EEXIST');
        if (!hasParent) return refuse('ENOENT');
        entries.set(path, { bytes: null, modifiedAtMs: Date.now() });
        return { ok: true };
      case 'remove':
        if (!entry) return refuse('ENOENT');
        if (!entry.bytes && [...entries.keys()].some((key) => key.startsWith(`${path}/`))) return refuse('ENOTEMPTY');
        entries.delete(path);
        return { ok: true };
      case 'rename': {
        if (!entry) return refuse('ENOENT');
        const moved = [...entries].filter(([key]) => key === path || key.startsWith(`${path}/`));
        for (const [key] of moved) entries.delete(key);
        for (const [key, value] of moved) entries.set(operation.to + key.slice(path.length), value);
        return { ok: true };
      }
    }
  }
}

function statOf(path: string, entry: Entry): FileStat {
  const kind = entry.bytes ? 'file' : 'directory';
  return { path, kind, sizeBytes: entry.bytes?.length ?? 0, modifiedAtMs: entry.modifiedAtMs };
}

function written(before: Uint8Array, operation: Extract<FileOperation, { op: 'write' }>): Uint8Array {
  let bytes = before;
  if (operation.truncateTo !== null) bytes = resized(bytes, operation.truncateTo);
  if (!operation.bytes) return bytes.slice();
  const end = operation.position + operation.bytes.length;
  const grown = end > bytes.length ? grownTo(bytes, end) : bytes.slice();
  grown.set(operation.bytes, operation.position);
  return grown;
}

/** Room doubles, so that a file written in many pieces is not copied for each. */
function grownTo(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.byteOffset === 0 && bytes.buffer.byteLength >= length) return new Uint8Array(bytes.buffer, 0, length);
  return resized(bytes, Math.max(length, bytes.length * 2)).subarray(0, length);
}

function resized(bytes: Uint8Array, length: number): Uint8Array {
  const next = new Uint8Array(length);
  next.set(bytes.subarray(0, length));
  return next;
}
