import { ok } from '../../src/base/index.ts';
import { serveDoor } from '../../src/bridge/index.ts';
import { RUNS_POLICY, RUNS_PORT } from '../../src/contracts/doors/runs-policy.ts';
import { RUNS_REQUESTS, RUNS_STREAM } from '../../src/contracts/doors/runs-requests.ts';
import type { RunsDoor } from '../../src/contracts/doors/runs.ts';
import { appError } from '../../src/contracts/errors.ts';
import type { RunId } from '../../src/contracts/ids.ts';
import type { NumberedRunEvent, RunEvent } from '../../src/contracts/run.ts';
import { OWN_ORIGIN, type Switchboard } from './port-switchboard.ts';

/** A served runs door without a run service: events are pushed by the test. */
export function serveFakeRuns(board: Switchboard, signal: AbortSignal) {
  const events = new Map<RunId, NumberedRunEvent[]>();
  const listeners = new Set<() => void>();
  const calls: string[] = [];
  let kept = Infinity;
  const push = (runId: RunId, event: RunEvent) => {
    const list = events.get(runId) ?? [];
    list.push({ runId, n: list.length + 1, atMs: 1, event });
    events.set(runId, list);
    for (const listener of listeners) listener();
  };
  const answered = (name: string, value: unknown) => async () => {
    calls.push(name);
    return ok(value);
  };
  serveDoor<RunsDoor, { readonly runId: RunId; readonly after: number }, NumberedRunEvent>({
    door: RUNS_PORT,
    methods: RUNS_POLICY,
    requests: RUNS_REQUESTS,
    handlers: {
      start: answered('start', { runId: 'run-1' }),
      findRun: answered('findRun', null),
      knownRuns: answered('knownRuns', []),
      adoptSession: answered('adoptSession', { adopted: true }),
      sessionFacts: answered('sessionFacts', { hasPrivateFiles: false, raisable: [], savedAtMs: null }),
      stop: answered('stop', null),
      hurry: answered('hurry', null),
      answerInput: answered('answerInput', null),
      restartSession: async () => {
        calls.push('restartSession');
        throw new Error('a bug');
      },
      addFile: async (request: { name: string; bytes: Uint8Array }) => {
        calls.push('addFile');
        return ok({ path: request.name, kind: 'file' as const, sizeBytes: request.bytes.length, modifiedAtMs: 1 });
      },
      readFile: async () => ok({ bytes: new Uint8Array([1, 2, 3]) }),
      listFiles: answered('listFiles', []),
      removeFile: answered('removeFile', null),
      describeFile: answered('describeFile', { text: 7 }),
      warm: answered('warm', null),
      status: answered('status', {
        kind: 'offscreen',
        python: 'cold',
        sessions: [],
        activeRuns: [],
        hasSharedMemory: true,
      }),
      select: answered('select', {}),
      suggestFix: answered('suggestFix', null),
      choose: answered('choose', null),
      failures: answered('failures', {}),
      recentRuns: answered('recentRuns', []),
    },
    stream: RUNS_STREAM,
    openStream: ({ runId }) => {
      if (!events.has(runId)) return null;
      const list = () => events.get(runId) ?? [];
      return {
        read: (after, most) => (after < list().length - kept ? null : list().slice(after, after + most)),
        isEndAt: (n) => list()[n - 1]?.event.kind === 'ended',
        onMore: (listener, options) => {
          listeners.add(listener);
          options.signal.addEventListener('abort', () => listeners.delete(listener));
        },
      };
    },
    gone: appError('run/not-found'),
    ownOrigin: OWN_ORIGIN,
    onPort: (listener, options) => board.onPort(listener, options),
    signal,
  });
  return {
    push,
    calls,
    /** How many streams wait for more. */
    readers: () => listeners.size,
    keepOnly: (count: number) => {
      kept = count;
    },
  };
}
