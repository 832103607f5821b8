import { ServedTree, serveShare, type Share } from '../../../src/container/share/index.ts';
import type { SessionId } from '../../../src/contracts/ids.ts';
import { openWorkspace } from '../../../src/workspace/index.ts';
import type { GuestTask } from './share-worker.ts';

// A host with the browser's own store, and a worker at the other end of the port: where a machine would be.
const ending = new AbortController();
const workspace = openWorkspace({ signal: ending.signal });
let share: Share | null = null;
let worker: Worker | null = null;

const answerOf = (of: Worker): Promise<unknown> =>
  new Promise((resolve, reject) => {
    of.onmessage = ({ data }: MessageEvent<{ value?: unknown; error?: string }>) =>
      data.error === undefined ? resolve(data.value) : reject(new Error(data.error));
    of.onerror = (event) => reject(new Error(event.message));
  });

async function mount(session: string): Promise<void> {
  share?.dispose();
  worker?.terminate();
  share = new ServedTree({ files: workspace.filesOf(session as SessionId) }).share();
  const { port1, port2 } = new MessageChannel();
  serveShare(port1, share);
  worker = new Worker('/share-worker.js');
  const mounted = answerOf(worker);
  worker.postMessage(port2, [port2]);
  await mounted;
}

function guest(task: GuestTask): Promise<unknown> {
  if (!worker) throw new Error('not mounted');
  const answer = answerOf(worker);
  worker.postMessage(task);
  return answer;
}

async function put(session: string, path: string, text: string): Promise<boolean> {
  const bytes = new TextEncoder().encode(text);
  const files = workspace.filesOf(session as SessionId);
  return (await files.perform({ op: 'write', path, position: 0, bytes, truncateTo: 0 })).ok;
}

async function sizes(session: string): Promise<readonly number[]> {
  return (await workspace.filesOf(session as SessionId).all()).map(({ sizeBytes }) => sizeBytes);
}

async function idle(): Promise<number> {
  const startedAt = performance.now();
  await share?.idle();
  return performance.now() - startedAt;
}

(globalThis as Record<string, unknown>)['shareTest'] = { mount, guest, put, sizes, idle };
