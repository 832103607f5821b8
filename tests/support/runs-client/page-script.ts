import { toBase64, fromBase64 } from '../../../src/base/index.ts';
import { connectRunsDoor } from '../../../src/bridge/index.ts';
import type { RunsDoor } from '../../../src/contracts/doors/runs.ts';
import type { NumberedRunEvent, RunRequest } from '../../../src/contracts/run.ts';

// Bundled and evaluated in a page of the extension: the same client that the product's own pages use.
const { signal } = new AbortController();
const door = connectRunsDoor({ signal });

type Method = Exclude<keyof RunsDoor, 'watch'>;

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
  lost: string | null;
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
function until(runId: string, kind: string): Promise<{ events: NumberedRunEvent[]; lost: string | null }> {
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
  });
  const { events, lost } = await until(started.value.runId, 'ended');
  return { refused: null, events, lost, firstOutputMs, endedMs: performance.now() - startedAt };
}

(globalThis as Record<string, unknown>)['companionRuns'] = { call, watch, until, run };
