import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CanaryServer } from './canary-server.ts';

export interface HostileTarget {
  readonly server: CanaryServer;
  /** Origin of the extension under attack. */
  readonly extension: string;
  /** First part of every path it asks for. */
  readonly tag: string;
}

/** The routes that make a worker: each is tried in a worker of its own, since Firefox may never come back from it. */
export const WORKER_ROUTES = [
  'nested-worker-data',
  'nested-worker-blob',
  'nested-worker-module',
  'nested-worker-twice',
  'nested-worker-remote',
  'nested-worker-import',
  'extension-worker',
] as const;

/** How often a route that makes a worker is begun anew when the browser hangs in it. */
export const WORKER_TRIES = 6;
/** From when on such a try counts as hung; one that answers does so within 1.3 s. */
export const WORKER_HANG_MS = 4000;

/** The hostile program as an expression: a promise of what each route came to. `only` one route, else all that make no worker. */
export async function hostileProgram({ server, extension, tag }: HostileTarget, only?: string): Promise<string> {
  const text = await readFile(join(import.meta.dirname, 'hostile-program.js'), 'utf8');
  const { http, https, ws, wss, udp } = server;
  const target = JSON.stringify({ http, https, ws, wss, udp, extension, tag, only: only ?? null });
  return `((target) => { return ${text.slice(text.indexOf('(async'))} })(${target})`;
}

/** A page without any wall that runs the program in itself and in plain workers. */
export async function controlPage(target: HostileTarget): Promise<string> {
  const inPage = await hostileProgram({ ...target, tag: `${target.tag}-page` });
  const inWorkers = await Promise.all(
    [undefined, ...WORKER_ROUTES].map((only) => hostileProgram({ ...target, tag: `${target.tag}-worker` }, only)),
  );
  const workers = JSON.stringify(inWorkers.map((text) => `${text}.then((seen) => postMessage(seen))`));
  return `<!doctype html><meta charset="utf-8"><title>control</title><script>
    const once = (text) => new Promise((done) => {
      const worker = new Worker(URL.createObjectURL(new Blob([text])));
      worker.onmessage = (event) => done(true);
      setTimeout(() => { worker.terminate(); done(false); }, ${WORKER_HANG_MS});
    });
    const inWorker = async (text) => { for (let tries = 0; tries < ${WORKER_TRIES}; tries += 1) if (await once(text)) return; };
    globalThis.control = Promise.all([...${workers.replaceAll('</', '<\\/')}.map(inWorker), ${inPage.replaceAll('</', '<\\/')}]);
  </script>`;
}
