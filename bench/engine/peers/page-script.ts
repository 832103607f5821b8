import type { FromPeer, ToPeer } from './serve-peer.ts';

// Bundled and evaluated in a page that is nobody's: other people's engines in plain workers, to compare with.

interface Peer {
  readonly script: string;
  readonly wasm: Uint8Array<ArrayBuffer>;
}

const RUNS_TOGETHER = 20;
const peers = new Map<string, Peer>();

/** Starts a worker, once: the copy of its bytes, made before, is transferred to it. */
function peerToStart(name: string): () => Worker {
  const peer = peers.get(name);
  if (!peer) throw new Error(`no peer ${name}`);
  const start: ToPeer = { wasm: peer.wasm.slice().buffer };
  return () => {
    const worker = new Worker(URL.createObjectURL(new Blob([peer.script], { type: 'text/javascript' })));
    worker.postMessage(start, [start.wasm]);
    return worker;
  };
}

/** Runs one program and settles with the moment of its first line, or of its end where it prints none. */
function firstLine(worker: Worker, code: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let at = Number.NaN;
    worker.onerror = (event) => reject(new Error(event.message));
    worker.onmessage = ({ data }: MessageEvent<FromPeer>) => {
      if (Number.isNaN(at)) at = performance.now();
      if ('failed' in data) reject(new Error(data.failed));
      else if ('ended' in data) resolve(at);
    };
    const message: ToPeer = { code };
    worker.postMessage(message);
  });
}

export const benchPeers = {
  add(name: string, script: string, base64: string): void {
    peers.set(name, { script, wasm: Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)) });
  },
  /** Milliseconds from the wish for a worker to its first line. */
  async fresh(name: string, code: string): Promise<number> {
    const start = peerToStart(name);
    const from = performance.now();
    const worker = start();
    const ms = (await firstLine(worker, code)) - from;
    worker.terminate();
    return ms;
  },
  /** Milliseconds for each of several programs, one after the other in one worker. */
  async each(name: string, codes: readonly string[]): Promise<number[]> {
    const worker = peerToStart(name)();
    const samples: number[] = [];
    for (const code of codes) {
      const from = performance.now();
      samples.push((await firstLine(worker, code)) - from);
    }
    worker.terminate();
    return samples;
  },
  /** Milliseconds for a run of the same program in one worker; each is the mean of several, for the clock is coarse. */
  async warm(name: string, code: string, times: number): Promise<number[]> {
    const worker = peerToStart(name)();
    const samples: number[] = [];
    await firstLine(worker, code);
    for (let turn = 0; turn < times; turn += 1) {
      const from = performance.now();
      for (let run = 0; run < RUNS_TOGETHER; run += 1) await firstLine(worker, code);
      samples.push((performance.now() - from) / RUNS_TOGETHER);
    }
    worker.terminate();
    return samples;
  },
};

Object.assign(globalThis, { benchPeers });
