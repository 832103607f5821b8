import type { FileAnswer, FileOperation, FilesChange, FileStat, SessionFiles } from '../contracts/files.ts';
import type { SessionId } from '../contracts/ids.ts';
import type { FileReply, FileRequest } from './file-messages.ts';
import { tellOf, Watchers } from './watchers.ts';

export interface Workspace {
  /** The tree of a session; made when first written to, kept for good. */
  filesOf(sessionId: SessionId): SessionFiles;
  /** What was answered before is on the disk after, should the machine die. False where the disk does not take it. */
  flush(sessionId: SessionId): Promise<boolean>;
  /** Paths of which something was lost on the disk; '' for what nobody knows the name of. None where they cannot be read. */
  damaged(sessionId: SessionId): Promise<readonly string[]>;
}

type Ask = FileRequest['ask'];
interface Heard {
  readonly tell: (change: FilesChange) => void;
  readonly onChange: SessionFiles['onChange'];
}
type Asking = (question: Ask, transfer: Transferable[]) => Promise<FileAnswer>;

/**
 * Opens the only store of files, in the host. Ends its worker with the signal; operations under way then never settle. Where
 * the worker fails, what it was asked is answered with EIO, and the next operation starts another one.
 */
export function openWorkspace({ signal }: { readonly signal: AbortSignal }): Workspace {
  const waiting = new Map<number, (answer: FileAnswer) => void>();
  const watchers = new Watchers<SessionId>();
  let lastId = 0;
  let worker: Worker | null = null;
  const started = (): Worker => {
    const own = new Worker(new URL('./file-worker.ts', import.meta.url), { type: 'module', name: 'files' });
    own.onmessage = ({ data }: MessageEvent<FileReply>) => {
      waiting.get(data.id)?.(data.answer);
      waiting.delete(data.id);
    };
    // The worker catches what the store throws; this is the worker itself failing to start. No later message reaches it.
    own.onerror = (event) => {
      console.error('file worker failed', event.message);
      own.terminate();
      if (worker === own) worker = null;
      for (const settle of waiting.values()) settle({ ok: false, errno: 'EIO' });
      waiting.clear();
    };
    return own;
  };
  worker = started();
  signal.addEventListener('abort', () => worker?.terminate(), { once: true });

  const askingOf = (sessionId: SessionId): Asking => {
    const folder = folderName(sessionId);
    return async (ask, transfer) => {
      const named = await folder;
      return new Promise((resolve) => {
        lastId += 1;
        waiting.set(lastId, resolve);
        if (!signal.aborted) worker ??= started();
        worker?.postMessage({ id: lastId, folder: named, ask } satisfies FileRequest, transfer);
      });
    };
  };

  const open = new Map<SessionId, { readonly files: Required<SessionFiles>; readonly ask: Asking }>();
  const opened = (sessionId: SessionId) => {
    const known = open.get(sessionId);
    if (known) return known;
    const ask = askingOf(sessionId);
    const heard: Heard = {
      tell: (change) => watchers.tell(sessionId, change),
      onChange: (listener, options) => watchers.add(sessionId, listener, options.signal),
    };
    const made = { ask, files: sessionFiles(ask, heard) };
    open.set(sessionId, made);
    return made;
  };
  return {
    filesOf: (sessionId) => opened(sessionId).files,
    flush: (sessionId) => opened(sessionId).files.flush(),
    async damaged(sessionId) {
      const answer = await opened(sessionId).ask({ kind: 'damaged' }, []);
      return answer.ok ? (answer.entries ?? []).map(({ path }) => path) : [];
    },
  };
}

function sessionFiles(ask: Asking, { tell, onChange }: Heard): Required<SessionFiles> {
  return {
    mountPath: '/mnt/data',
    async perform(operation, { handsOver } = { handsOver: false }): Promise<FileAnswer> {
      // A view is cloned with all the memory behind it: hand over that, or a copy of exactly what is written.
      const own = handsOver || operation.op !== 'write' ? operation : copyOf(operation);
      const bytes = own.op === 'write' ? own.bytes : null;
      const answer = await ask({ kind: 'perform', operation: own }, bytes === null ? [] : [bytes.buffer]);
      if (answer.ok) tellOf(operation, tell);
      return answer;
    },
    async all(): Promise<readonly FileStat[]> {
      const answer = await ask({ kind: 'all' }, []);
      if (!answer.ok) throw new Error(`files cannot be read: ${answer.errno}`);
      return answer.entries ?? [];
    },
    onChange,
    flush: async () => (await ask({ kind: 'flush' }, [])).ok,
  };
}

const copyOf = (write: Extract<FileOperation, { op: 'write' }>): FileOperation => ({
  ...write,
  bytes: write.bytes?.slice() ?? null,
});

/** Session names come from outside and may be anything; their hash is a safe folder name. */
async function folderName(sessionId: SessionId): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(sessionId));
  return Array.from(new Uint8Array(hash, 0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
