import type { Frame } from './frames.ts';

/** The wire's version that the agent must speak: it answers every ping with its own. */
export const AGENT_VERSION = 5;

/** What an exec cost, as its cgroup counted it; zeroes where it had none. */
export interface ExecUsage {
  /** Processes that the kernel ended for want of memory. */
  readonly outOfMemoryKills: number;
  readonly peakMemoryKiB: number;
  readonly cpuMs: number;
}

/** What an exec began as. */
export interface ExecStart {
  readonly pid: number;
  /** Its cgroup is /sys/fs/cgroup/x<group>. */
  readonly group: number;
  /** Processor time that the group had counted before: of execs whose process stayed. */
  readonly cpuBeforeMs: number;
}

/** What the guest may say, checked. Source of the wire: agent/agent.h. */
export type GuestMessage =
  | { readonly kind: 'hello'; readonly version: number }
  | ({ readonly kind: 'started' } & ExecStart)
  | { readonly kind: 'output'; readonly stream: 'stdout' | 'stderr'; readonly bytes: Uint8Array }
  /** `stays`: its process waits, to be given to the next exec that asks for the very same, and said so by that signal past SIGRTMIN. */
  | {
      readonly kind: 'ended';
      readonly code: number;
      readonly signal: number;
      readonly usage: ExecUsage;
      readonly stays: number | null;
    }
  | { readonly kind: 'taken'; readonly bytes: number }
  | { readonly kind: 'opened'; readonly errno: number }
  /** `connection` is the frame's own id; the channel hands it to the listener. */
  | { readonly kind: 'accepted'; readonly listener: number; readonly connection: number }
  | { readonly kind: 'received'; readonly bytes: Uint8Array }
  /** `isOver`: both ways; else the guest sends no more. */
  | { readonly kind: 'closed'; readonly isOver: boolean }
  | { readonly kind: 'pong'; readonly nonce: number; readonly version: number }
  | { readonly kind: 'result'; readonly errno: number; readonly bytes: Uint8Array }
  | { readonly kind: 'refused'; readonly errno: number; readonly detail: string };

type Parse = (payload: Uint8Array, view: DataView) => GuestMessage;
interface Row {
  /** The payload's length: all of it, or at least. */
  readonly exactly?: number;
  readonly atLeast?: number;
  readonly parse: Parse;
}

const MAX_DETAIL_CHARACTERS = 300;

const ended = (stays: boolean): Row => ({
  exactly: 24,
  parse: (_, view) => ({
    kind: 'ended',
    code: stays ? 0 : view.getInt32(0, true),
    signal: view.getInt32(4, true),
    usage: {
      outOfMemoryKills: view.getUint32(8, true),
      peakMemoryKiB: view.getUint32(12, true),
      cpuMs: Number(view.getBigUint64(16, true)) / 1000,
    },
    stays: stays ? view.getInt32(0, true) : null,
  }),
});

const ROWS: Readonly<Record<string, Row>> = {
  h: { exactly: 4, parse: (_, view) => ({ kind: 'hello', version: view.getUint32(0, true) }) },
  s: {
    exactly: 16,
    parse: (_, view) => ({
      kind: 'started',
      pid: view.getUint32(0, true),
      group: view.getUint32(4, true),
      cpuBeforeMs: Number(view.getBigUint64(8, true)) / 1000,
    }),
  },
  o: { atLeast: 1, parse: (bytes) => ({ kind: 'output', stream: 'stdout', bytes }) },
  e: { atLeast: 1, parse: (bytes) => ({ kind: 'output', stream: 'stderr', bytes }) },
  x: ended(false),
  y: ended(true),
  i: { exactly: 4, parse: (_, view) => ({ kind: 'taken', bytes: view.getUint32(0, true) }) },
  c: { exactly: 4, parse: (_, view) => ({ kind: 'opened', errno: view.getInt32(0, true) }) },
  n: { exactly: 4, parse: (_, view) => ({ kind: 'accepted', listener: view.getUint32(0, true), connection: 0 }) },
  d: { atLeast: 1, parse: (bytes) => ({ kind: 'received', bytes }) },
  f: { exactly: 1, parse: (_, view) => ({ kind: 'closed', isOver: view.getUint8(0) === 1 }) },
  p: {
    exactly: 12,
    parse: (_, view) => ({ kind: 'pong', nonce: view.getUint32(0, true), version: view.getUint32(8, true) }),
  },
  r: {
    atLeast: 4,
    parse: (payload, view) => ({ kind: 'result', errno: view.getInt32(0, true), bytes: payload.subarray(4) }),
  },
  '!': {
    atLeast: 4,
    parse: (payload, view) => ({
      kind: 'refused',
      errno: view.getInt32(0, true),
      detail: new TextDecoder().decode(payload.subarray(4)).slice(0, MAX_DETAIL_CHARACTERS),
    }),
  },
};

/** What a frame of the guest says; null when no agent of ours would say it. Never throws. */
export function parseMessage(frame: Frame): GuestMessage | null {
  const type = String.fromCharCode(frame.type);
  const row = Object.hasOwn(ROWS, type) ? ROWS[type] : undefined;
  const { payload } = frame;
  if (!row) return null;
  if (row.exactly !== undefined ? payload.length !== row.exactly : payload.length < (row.atLeast ?? 0)) return null;
  return row.parse(payload, new DataView(payload.buffer, payload.byteOffset, payload.length));
}
