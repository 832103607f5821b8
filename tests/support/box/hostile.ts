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
/** Those that lead a document away, or ask its parent: each is tried in a document of its own. */
export const FRAME_ROUTES = [
  'self-navigation',
  'top-navigation',
  'meta-refresh',
  'form',
  'parent-document',
  'parent-eval',
] as const;

/** How often a route that makes a worker is begun anew when the browser hangs in it. */
export const WORKER_TRIES = 6;
/** How long a route in a box may say nothing: where a wall is, one may have no end. Most end within 0.1 s. */
const SILENT_IN_A_BOX_MS = 5000;
/** From when on a worker that makes workers is taken for a hung one; it is past the end of one that is only silent. */
export const WORKER_HANG_MS = 2 * SILENT_IN_A_BOX_MS;

/** How each route ended, in the words of `hostile-program.js`. */
export type Endings = Readonly<Record<string, string>>;

export interface HostileScene {
  /** One route, else all but `alone`. */
  readonly only?: string | null;
  readonly alone?: readonly string[];
  /** Expressions for what `hostile-program.js` has in scope; by themselves those of a box. */
  readonly told?: string;
  readonly enough?: string;
}

/** The hostile program as an expression: a promise of how each route ended. */
export async function hostileProgram(
  { server, extension, tag }: HostileTarget,
  {
    only = null,
    alone = [],
    told = '() => undefined',
    enough = `new Promise((done) => setTimeout(done, ${SILENT_IN_A_BOX_MS}))`,
  }: HostileScene = {},
): Promise<string> {
  const text = await readFile(join(import.meta.dirname, 'hostile-program.js'), 'utf8');
  const { http, https, ws, wss, stun, quic } = server;
  const target = JSON.stringify({ http, https, ws, wss, stun, quic, extension, tag, only, alone });
  return `((target, told, enough) => { return ${text.slice(text.indexOf('(async'))} })(${target}, ${told}, ${enough})`;
}

/** Whether a route led somewhere by its own word. The server's word is the other half: `CanaryServer.arrived`. */
export const isOpen = (how: string | undefined): boolean => how?.startsWith('OPEN') ?? false;

/** Routes whose code is broken, or that never were tried: an attack that ended so shows nothing. */
export function brokenRoutes(seen: Endings): readonly string[] {
  const isBroken = (how: string): boolean =>
    !/^(?:OPEN|refused|silent)/u.test(how) || /BROKEN|is not a (?:function|constructor)|is not iterable/u.test(how);
  return Object.entries(seen).flatMap(([route, how]) => (isBroken(how) ? [`${route}: ${how}`] : []));
}
