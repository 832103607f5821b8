import type { EngineDelivery } from '../contracts/box.ts';
import type { AheadModules } from './delivery.ts';
import type { Rehearsal } from './messages.ts';
import { startShell } from './shell-worker.ts';
import type { ShellScript } from './worker-shell.ts';

/** An engine that is small enough to be compiled ahead has done it by then also on a slow phone. */
const MOST_MS = 5_000;

/**
 * Starts an engine in a worker that nobody gets, and ends it after its last message: browsers that compile a function when it
 * is first called have then compiled what the next worker will call. Gives what ends it at once. What fails is left to that
 * next worker, which fails the same way and is heard.
 */
export function rehearse(
  { script, posts, lastKind }: Rehearsal,
  compiled: AheadModules['modules'],
  read: ReadonlyMap<string, Promise<ArrayBuffer>>,
): () => void {
  const { worker, lifeline } = startShell(null);
  const end = (): void => {
    clearTimeout(late);
    lifeline.close();
    worker.terminate();
  };
  const late = setTimeout(end, MOST_MS);
  worker.onerror = (event) => {
    event.preventDefault();
    end();
  };
  worker.onmessage = ({ data }: MessageEvent<unknown>) => {
    if ((data as { kind?: unknown } | null)?.kind === lastKind) end();
  };
  worker.postMessage({ kind: 'script', text: script } satisfies ShellScript);
  const deliver = async (): Promise<void> => {
    const [files, modules] = await Promise.all([named(read), named(compiled)]);
    const shared = { stop: null, mailbox: null };
    const delivery: EngineDelivery = { kind: 'engine', stage: 2, isLast: true, files, blobs: {}, modules, ...shared };
    worker.postMessage(delivery, Object.values(files));
    for (const message of posts) worker.postMessage(message);
  };
  deliver().catch(end);
  return end;
}

async function named<T>(promised: ReadonlyMap<string, Promise<T>>): Promise<Record<string, T>> {
  return Object.fromEntries(await Promise.all([...promised].map(async ([name, one]) => [name, await one] as const)));
}
