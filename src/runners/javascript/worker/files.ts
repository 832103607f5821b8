import { FileError, type OpenFile, OpenFiles, type WorkerTree } from '../../kit/worker/index.ts';

/** Files that a program may have open at once, as on most systems. */
const MOST_OPEN = 1_024;

interface Asked {
  readonly op: string;
  readonly path: string;
  /** What `open` gave: the file is meant, whatever its name is now. */
  readonly handle?: number;
  readonly to?: string;
  readonly position?: number;
  readonly length?: number;
  readonly size?: number;
}

type Operation = (asked: Asked, bytes: Uint8Array | null) => object | Uint8Array | void;

class TooManyOpen extends Error {}

function createOperations(tree: WorkerTree): Readonly<Record<string, Operation>> {
  const open = new OpenFiles();
  const handles = new Map<number, OpenFile>();
  let lastHandle = 0;
  const meant = ({ handle, path }: Asked): OpenFile => (handle === undefined ? { tree, path } : opened(handle));
  const opened = (handle: number | undefined): OpenFile => {
    const found = handle === undefined ? undefined : handles.get(handle);
    if (!found) throw new FileError('EINVAL', '');
    return found;
  };
  return {
    open({ path }) {
      if (handles.size >= MOST_OPEN) throw new TooManyOpen();
      const file = { tree, path };
      lastHandle += 1;
      handles.set(lastHandle, file);
      open.add(file);
      return { handle: lastHandle };
    },
    close({ handle = 0 }) {
      const file = opened(handle);
      handles.delete(handle);
      try {
        file.tree.flush(file.path);
      } finally {
        open.delete(file);
      }
    },
    stat: (asked) => {
      const file = meant(asked);
      return file.tree.stat(file.path);
    },
    list: ({ path }) => ({ entries: tree.list(path) }),
    read(asked) {
      const file = meant(asked);
      return file.tree.read(file.path, asked.position ?? 0, asked.length ?? 0);
    },
    write(asked, bytes) {
      const file = meant(asked);
      file.tree.write(file.path, asked.position ?? 0, bytes ?? new Uint8Array());
    },
    truncate(asked) {
      const file = meant(asked);
      file.tree.truncate(file.path, asked.size ?? 0);
    },
    rename: ({ path, to = '' }) => open.rename(tree, path, to),
    mkdir: ({ path }) => tree.mkdir(path),
    remove: ({ path }) => open.remove(tree, path),
    flush(asked) {
      const file = meant(asked);
      file.tree.flush(file.path);
    },
  };
}

/** Answers the guest's file operations over the session's tree; a refusal is told by its POSIX name. Never throws. */
export function createFileCalls(tree: WorkerTree): (request: string, bytes: Uint8Array | null) => string | Uint8Array {
  const operations = createOperations(tree);
  return (request, bytes) => {
    try {
      const asked = JSON.parse(request) as Asked;
      const answer = operations[asked.op]?.(asked, bytes) ?? {};
      return answer instanceof Uint8Array ? answer : JSON.stringify(answer);
    } catch (error) {
      if (error instanceof TooManyOpen) return JSON.stringify({ errno: 'EMFILE' });
      return JSON.stringify({ errno: error instanceof FileError ? error.errno : 'EIO' });
    }
  };
}
