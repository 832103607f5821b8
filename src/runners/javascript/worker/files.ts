import { FileError, type WorkerTree } from '../../kit/worker/index.ts';

interface Asked {
  readonly op: string;
  readonly path: string;
  readonly to?: string;
  readonly position?: number;
  readonly length?: number;
  readonly size?: number;
}

type Operation = (tree: WorkerTree, asked: Asked, bytes: Uint8Array | null) => object | Uint8Array | void;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  stat: (tree, { path }) => tree.stat(path),
  list: (tree, { path }) => ({ entries: tree.list(path) }),
  read: (tree, { path, position = 0, length = 0 }) => tree.read(path, position, length),
  write: (tree, { path, position = 0 }, bytes) => tree.write(path, position, bytes ?? new Uint8Array()),
  truncate: (tree, { path, size = 0 }) => tree.truncate(path, size),
  rename: (tree, { path, to = '' }) => tree.rename(path, to),
  mkdir: (tree, { path }) => tree.mkdir(path),
  remove: (tree, { path }) => tree.remove(path),
  flush: (tree, { path }) => tree.flush(path),
};

/** Answers the guest's file operations over the session's tree; a refusal is told by its POSIX name. Never throws. */
export function createFileCalls(tree: WorkerTree): (request: string, bytes: Uint8Array | null) => string | Uint8Array {
  return (request, bytes) => {
    try {
      const asked = JSON.parse(request) as Asked;
      const answer = OPERATIONS[asked.op]?.(tree, asked, bytes) ?? {};
      return answer instanceof Uint8Array ? answer : JSON.stringify(answer);
    } catch (error) {
      return JSON.stringify({ errno: error instanceof FileError ? error.errno : 'EIO' });
    }
  };
}
