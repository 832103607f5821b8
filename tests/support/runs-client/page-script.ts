import { toBase64, fromBase64 } from '../../../src/base/index.ts';
import { connectEngineDoor, connectRunsDoor, runsChecks } from '../../../src/bridge/index.ts';
import type { EngineDoor } from '../../../src/contracts/doors/engine.ts';
import type { RunsDoor } from '../../../src/contracts/doors/runs.ts';
import type { AppErrorCode } from '../../../src/contracts/errors.ts';
import type { NumberedRunEvent, RunRequest } from '../../../src/contracts/run.ts';

// Bundled and evaluated in a page of the extension: the same client that the product's own pages use.
const { signal } = new AbortController();
const door: RunsDoor & EngineDoor = {
  ...connectEngineDoor({ signal }),
  ...connectRunsDoor({ signal, checks: runsChecks() }),
};

type Method = Exclude<keyof RunsDoor, 'watch'> | keyof EngineDoor;

/** Bytes cross the driver as base64. */
async function call(method: Method, request: unknown): Promise<unknown> {
  const fields = request as { base64?: string };
  const { base64, ...rest } = fields;
  const body = base64 === undefined ? request : { ...rest, bytes: fromBase64(base64) };
  const answer = await (door[method] as (body: unknown) => Promise<{ ok: boolean; value?: unknown }>)(body);
  const bytes = (answer.value as { bytes?: unknown } | null | undefined)?.bytes;
  return bytes instanceof Uint8Array ? { ok: true, value: { base64: toBase64(bytes) } } : answer;
}

interface Watched {
  readonly events: NumberedRunEvent[];
  lost: AppErrorCode | null;
  readonly changed: Set<() => void>;
}
const watched = new Map<string, Watched>();

function watch(runId: string, after: number): void {
  const entry: Watched = { events: [], lost: null, changed: new Set() };
  watched.set(runId, entry);
  const tell = () => {
    for (const listener of entry.changed) listener();
  };
  door.watch({
    runId: runId as never,
    after,
    onEvent: (event) => {
      entry.events.push(event);
      tell();
    },
    onLost: (error) => {
      entry.lost = error.code;
      tell();
    },
    signal,
  });
}

/** Settles with all events once the run has an event of this kind, or is lost. */
function until(runId: string, kind: string): Promise<{ events: NumberedRunEvent[]; lost: AppErrorCode | null }> {
  const entry = watched.get(runId);
  if (entry === undefined) throw new Error(`nobody watches ${runId}`);
  return new Promise((resolve) => {
    const look = () => {
      if (entry.lost === null && !entry.events.some(({ event }) => event.kind === kind)) return;
      entry.changed.delete(look);
      resolve({ events: entry.events, lost: entry.lost });
    };
    entry.changed.add(look);
    look();
  });
}

/** From start to end; `firstOutputMs` and `endedMs` count from the call. */
async function run(request: RunRequest) {
  const startedAt = performance.now();
  const started = await door.start(request);
  if (!started.ok) return { refused: started.error, events: [], lost: null, firstOutputMs: null, endedMs: 0 };
  watch(started.value.runId, 0);
  let firstOutputMs: number | null = null;
  void until(started.value.runId, 'output').then(() => {
    firstOutputMs = performance.now() - startedAt;
    performance.mark('first output'); // benches find it in a trace
  });
  const { events, lost } = await until(started.value.runId, 'ended');
  return { refused: null, events, lost, firstOutputMs, endedMs: performance.now() - startedAt };
}

/** Puts so many bytes into a file and takes them out again; `isSame` says whether nothing was lost. */
async function roundTrip(session: string, sizeBytes: number) {
  const bytes = new Uint8Array(sizeBytes);
  for (let at = 0; at < sizeBytes; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  const sessionId = session as never;
  const startedAt = performance.now();
  const added = await door.addFile({ sessionId, name: 'large.bin', bytes });
  const addedAt = performance.now();
  const read = await door.readFile({ sessionId, path: 'large.bin' });
  const readAt = performance.now();
  // By the browser's own comparison: a call for each of a hundred million bytes takes longer than their way.
  const isSame = read.ok && indexedDB.cmp(read.value.bytes, bytes) === 0;
  return { added: added.ok ? 'ok' : added.error.code, isSame, addMs: addedAt - startedAt, readMs: readAt - addedAt };
}

/** Milliseconds of so many small calls, one after the other, sorted. */
async function timeCalls(count: number): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const startedAt = performance.now();
    await door.status({});
    times.push(performance.now() - startedAt);
  }
  return times.sort((one, other) => one - other);
}

(globalThis as Record<string, unknown>)['companionRuns'] = { call, watch, until, run, roundTrip, timeCalls };
