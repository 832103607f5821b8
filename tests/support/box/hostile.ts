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

/** The hostile program as an expression: a promise of what each route came to. */
export async function hostileProgram({ server, extension, tag }: HostileTarget): Promise<string> {
  const text = await readFile(join(import.meta.dirname, 'hostile-program.js'), 'utf8');
  const { http, https, ws, wss, udp } = server;
  const target = JSON.stringify({ http, https, ws, wss, udp, extension, tag });
  return `((target) => { return ${text.slice(text.indexOf('(async'))} })(${target})`;
}

/** A page without any wall that runs the program in itself and in a plain worker. */
export async function controlPage(target: HostileTarget): Promise<string> {
  const inPage = await hostileProgram({ ...target, tag: `${target.tag}-page` });
  const inWorker = await hostileProgram({ ...target, tag: `${target.tag}-worker` });
  const worker = JSON.stringify(`${inWorker}.then((seen) => postMessage(seen))`).replaceAll('</', '<\\/');
  return `<!doctype html><meta charset="utf-8"><title>control</title><script>
    const inWorker = new Promise((done) => { const w = new Worker(URL.createObjectURL(new Blob([${worker}]))); w.onmessage = (e) => done(e.data); setTimeout(done, 60000, 'worker hung'); });
    globalThis.control = Promise.all([inWorker, ${inPage.replaceAll('</', '<\\/')}]);
  </script>`;
}
