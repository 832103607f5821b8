import { connectRunsDoor } from '../../src/bridge/index.ts';
import { RUNS_PORT } from '../../src/contracts/doors/runs-policy.ts';
import type { CallKey, RunId, SessionId } from '../../src/contracts/ids.ts';
import type { RunSummary } from '../../src/contracts/run.ts';
import { RunService, SessionPool } from '../../src/execution/index.ts';
import { CallerRights } from '../../src/host/caller-rights.ts';
import { ownerOfFiles } from '../../src/host/describe-file.ts';
import { RunLogs } from '../../src/host/run-log.ts';
import { serveRuns } from '../../src/host/serve-runs.ts';
import type { PortSender } from '../../src/platform/index.ts';
import { OpenFiles } from '../../src/workspace/open-files.ts';
import { OpfsTree } from '../../src/workspace/opfs-tree.ts';
import { createMemoryOpfs } from './memory-opfs.ts';
import { createSwitchboard, OWN_ORIGIN } from './port-switchboard.ts';
import { createScriptedRunner, noBoxes } from './scripted-runner.ts';
import { recordsInMemory } from './records-in-memory.ts';

/** The whole host but its engine, database and browser: real door, run service, logs, rights and file trees. */
export function hostInMemory(signal: AbortSignal) {
  const board = createSwitchboard();
  const runner = createScriptedRunner();
  const trees = new Map<SessionId, OpfsTree>();
  const filesOf = (named: SessionId) => {
    const sessionId = ownerOfFiles(named);
    const tree = trees.get(sessionId) ?? emptyTree();
    trees.set(sessionId, tree);
    return { mountPath: '/mnt/data' as const, perform: tree.perform.bind(tree), all: () => tree.all() };
  };
  const claims = new Map<CallKey, RunId>();
  const records = recordsInMemory();
  const history: RunSummary[] = [];
  const now = () => 1_000;
  const logs = new RunLogs(now);
  const pool = new SessionPool({ boxes: noBoxes, filesOf, records });
  let lastId = 0;
  const service = new RunService({
    runners: [runner],
    pool,
    claims: {
      claim: async (key, runId) => {
        const earlier = claims.get(key) ?? null;
        if (earlier === null) claims.set(key, runId);
        return earlier;
      },
    },
    history: {
      started: async (summary) => void history.push(summary),
      ended: async () => undefined,
      recent: async () => history,
      endAbandoned: async () => 0,
    },
    onAdmitted: (runId, { sessionId, callKey }) => logs.open(runId, { sessionId, callKey }),
    onEvent: (runId, event) => logs.append(runId, event),
    now,
    createRunId: () => `run-${(lastId += 1)}` as RunId,
  });
  serveRuns({
    service,
    pool,
    workspace: { filesOf },
    records,
    logs,
    rights: new CallerRights(now),
    warm: () => runner.warm(noBoxes),
    kind: 'offscreen',
    pythonState: () => 'cold',
    hasSharedMemory: true,
    ownOrigin: OWN_ORIGIN,
    onPort: (listener, options) => board.onPort(listener, options),
    signal,
  });
  const door = (sender: Partial<PortSender>) =>
    connectRunsDoor({ signal, connect: () => board.connect(RUNS_PORT, sender), ensureOther: async () => null });
  return {
    board,
    runner,
    trees,
    claims,
    history,
    records,
    /** The door as a tab of the site has it. */
    fromTab: (tabId: number) => door({ isOwn: true, origin: 'https://chatgpt.com', tabId, frameId: 0 }),
    fromOwnPage: () => door({ isOwn: true, origin: OWN_ORIGIN, tabId: null, frameId: null }),
  };
}

function emptyTree(): OpfsTree {
  const store = createMemoryOpfs();
  return new OpfsTree({ directory: async () => store.root, open: new OpenFiles(), now: () => 1 });
}
