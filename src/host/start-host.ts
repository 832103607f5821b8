import { createBoxOpener } from '../box/index.ts';
import type { HostStatus } from '../contracts/doors/runs.ts';
import type { RunId } from '../contracts/ids.ts';
import type { Settings } from '../contracts/settings.ts';
import { createClaims, createRunHistory, createSessionRecords, openDatabase } from '../database/index.ts';
import { RunService, SessionPool } from '../execution/index.ts';
import { packageUrl } from '../platform/index.ts';
import { chooseStart, packagedSource } from '../runners/python/index.ts';
import { openWorkspace } from '../workspace/index.ts';
import { CallerRights } from './caller-rights.ts';
import { ownerOfFiles } from './describe-file.ts';
import { createRunners } from './registry.ts';
import { RunLogs } from './run-log.ts';
import { serveRuns } from './serve-runs.ts';

/** Devices that tell of this much memory (GB) or less keep no spare box. */
const NO_SPARE_GB = 2;

export interface HostOptions {
  readonly kind: HostStatus['kind'];
  readonly document: Document;
  /** Asked for each engine, so that a changed setting counts for the next one. */
  readonly pythonStart: () => Settings['pythonStart'];
  /** Called with true when the first run begins, and with false when the last one has ended. */
  readonly onBusy?: (isBusy: boolean) => void;
  readonly signal: AbortSignal;
}

export interface Host {
  /** Gets Python ready ahead of need; a second call does nothing. */
  warm(): void;
}

const ignoreBusy = (): void => undefined;

/** Builds and serves the one world that owns runs and files. Its door listens before this returns. */
export function startHost(options: HostOptions): Host {
  const { signal, document } = options;
  const now = () => Date.now();
  const deviceMemory = (navigator as { readonly deviceMemory?: number }).deviceMemory;
  const boxes = createBoxOpener({
    document,
    pageUrl: packageUrl('/box.html'),
    canAffordSpare: () => deviceMemory === undefined || deviceMemory > NO_SPARE_GB,
  });
  const runners = createRunners({
    python: { source: packagedSource(packageUrl('/')), start: () => chooseStart(options.pythonStart(), deviceMemory) },
  });
  const workspace = openWorkspace({ signal });
  const database = openDatabase();
  const records = createSessionRecords(database);
  const history = createRunHistory(database);
  history.endAbandoned().catch((cause: unknown) => console.warn('history of an earlier host not closed', cause));

  const logs = new RunLogs(now);
  const pool = new SessionPool({ boxes, filesOf: (sessionId) => workspace.filesOf(ownerOfFiles(sessionId)), records });
  const service = new RunService({
    runners,
    pool,
    claims: createClaims(database),
    history,
    onAdmitted: (runId, { sessionId, callKey }) => logs.open(runId, { sessionId, callKey }),
    onEvent: (runId, event) => logs.append(runId, event),
    onBusy: options.onBusy ?? ignoreBusy,
    now,
    createRunId: () => crypto.randomUUID() as RunId,
  });

  let python: HostStatus['python'] = 'cold';
  const warm = () => {
    if (python !== 'cold') return;
    python = 'warming';
    for (const runner of runners) runner.warm(boxes);
  };
  serveRuns({
    service,
    pool,
    workspace,
    records,
    logs,
    rights: new CallerRights(now),
    warm,
    kind: options.kind,
    pythonState: () => (pool.all().length > 0 ? 'ready' : python),
    hasSharedMemory: globalThis.crossOriginIsolated,
    signal,
  });
  signal.addEventListener('abort', () => {
    service.stopAll();
    boxes.dropSpare();
    database.close();
  });
  return { warm };
}
