import type { FileAnswer, FileStat, SessionFiles } from '../contracts/files.ts';
import type { SessionId } from '../contracts/ids.ts';
import type { FileReply, FileRequest } from './file-messages.ts';

export interface Workspace {
  /** The tree of a session; made when first written to, kept for good. */
  filesOf(sessionId: SessionId): SessionFiles;
}

type Ask = FileRequest['ask'];

/** Opens the only store of files, in the host. Ends its worker with the signal; operations under way then never settle. */
export function openWorkspace({ signal }: { readonly signal: AbortSignal }): Workspace {
  const worker = new Worker(new URL('./file-worker.ts', import.meta.url), { type: 'module', name: 'files' });
  const waiting = new Map<number, (reply: FileReply) => void>();
  let lastId = 0;
  worker.onmessage = ({ data }: MessageEvent<FileReply>) => {
    waiting.get(data.id)?.(data);
    waiting.delete(data.id);
  };
  // The worker catches what the store throws; this is the worker itself failing to start.
  worker.onerror = (event) => {
    console.error('file worker failed', event.message);
    for (const [id, settle] of waiting) settle({ id, kind: 'answer', answer: { ok: false, errno: 'EIO' } });
    waiting.clear();
  };
  signal.addEventListener('abort', () => worker.terminate(), { once: true });

  const ask = (folder: string, question: Ask, transfer: Transferable[]): Promise<FileReply> =>
    new Promise((resolve) => {
      lastId += 1;
      waiting.set(lastId, resolve);
      worker.postMessage({ id: lastId, folder, ask: question } satisfies FileRequest, transfer);
    });

  const open = new Map<SessionId, SessionFiles>();
  return {
    filesOf(sessionId) {
      const known = open.get(sessionId);
      if (known) return known;
      const files = sessionFiles(folderName(sessionId), ask);
      open.set(sessionId, files);
      return files;
    },
  };
}

function sessionFiles(
  folder: Promise<string>,
  ask: (folder: string, question: Ask, transfer: Transferable[]) => Promise<FileReply>,
): SessionFiles {
  return {
    mountPath: '/mnt/data',
    async perform(operation): Promise<FileAnswer> {
      // A view is cloned with all the memory behind it: hand over a copy of exactly what is written.
      const bytes = operation.op === 'write' && operation.bytes !== null ? operation.bytes.slice() : null;
      const own = operation.op === 'write' ? { ...operation, bytes } : operation;
      const reply = await ask(await folder, { kind: 'perform', operation: own }, bytes === null ? [] : [bytes.buffer]);
      return reply.kind === 'answer' ? reply.answer : { ok: false, errno: 'EIO' };
    },
    async all(): Promise<readonly FileStat[]> {
      const reply = await ask(await folder, { kind: 'all' }, []);
      return reply.kind === 'all' ? reply.files : [];
    },
  };
}

/** Session names come from outside and may be anything; their hash is a safe folder name. */
async function folderName(sessionId: SessionId): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(sessionId));
  return Array.from(new Uint8Array(hash, 0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
