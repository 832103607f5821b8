import { connectEngineDoor, connectRunsDoor } from '../../src/bridge/index.ts';
import { RUNS_PORT } from '../../src/contracts/doors/runs-policy.ts';
import type { AnalysisRequest } from '../../src/contracts/analysis.ts';
import type { FileAnswer, FileOperation, SessionFiles } from '../../src/contracts/files.ts';
import type { CallKey, RunId, SessionId } from '../../src/contracts/ids.ts';
import type { RunSummary } from '../../src/contracts/run.ts';
import type { Settings } from '../../src/contracts/settings.ts';
import {
  ownerOfFiles,
  PastRuns,
  RunNeeds,
  RunService,
  SessionChoiceBook,
  SessionPool,
  CachedRuns,
  openResultCache,
} from '../../src/execution/index.ts';
import { CallerRights } from '../../src/host/caller-rights.ts';
import { createCodeReader } from '../../src/host/code-reader.ts';
import { createReading } from '../../src/host/reading/create-reading.ts';
import { MachineBook } from '../../src/host/machines/index.ts';
import { NetworkGate } from '../../src/host/network/index.ts';
import { filesState } from '../../src/host/files-state.ts';
import { RunLogs } from '../../src/host/run-log.ts';
import { serveRuns } from '../../src/host/serve-runs.ts';
import { settingsOf } from '../../src/settings/index.ts';
import type { PortSender } from '../../src/platform/index.ts';
import { OpenFiles } from '../../src/workspace/store/open-files.ts';
import { Watchers } from '../../src/workspace/watchers.ts';
import { StoredTree } from '../../src/workspace/store/stored-tree.ts';
import { createMemoryOpfs } from './memory-opfs.ts';
import { createSwitchboard, OWN_ORIGIN } from './port-switchboard.ts';
import { createScriptedRunner, noBoxes } from './scripted-runner.ts';
import { toolPackHandlers, toolPackShelf } from './linux/tool-pack-in-memory.ts';
import { machinesInMemory } from './machines-in-memory.ts';
import { recordsInMemory } from './records-in-memory.ts';
import { consentsInMemory, egressInMemory } from './network-in-memory.ts';
import {
  choicesInMemory,
  estimatesInMemory,
  historyInMemory,
  resultsInMemory,
  textsInMemory,
} from './run-records-in-memory.ts';
import { standardPython } from './standard-python.ts';

/** The whole host but its engine, database and browser: real door, run service, logs, rights and file trees. */
export function hostInMemory(signal: AbortSignal) {
  const board = createSwitchboard();
  const runner = createScriptedRunner();
  const trees = new Map<SessionId, StoredTree>();
  const watchers = new Watchers<SessionId>();
  const filesOf = (named: SessionId) => {
    const sessionId = ownerOfFiles(named);
    const tree = trees.get(sessionId) ?? emptyTree();
    trees.set(sessionId, tree);
    const perform = async (operation: FileOperation): Promise<FileAnswer> => {
      const answer = await tree.perform(operation);
      if (answer.ok) watchers.tell(sessionId, { kind: 'write', path: operation.path });
      return answer;
    };
    const onChange: SessionFiles['onChange'] = (listener, options) => watchers.add(sessionId, listener, options.signal);
    return { mountPath: '/mnt/data' as const, perform, all: () => tree.all(), onChange };
  };
  const claims = new Map<CallKey, RunId>();
  const records = recordsInMemory();
  const history = new Map<RunId, RunSummary>();
  const settings: { -readonly [Name in keyof Settings]: Settings[Name] } = { ...settingsOf(null) };
  const analysed: AnalysisRequest[] = [];
  const reading = { ...createReading(standardPython) };
  const reader = createCodeReader(textsInMemory(), reading);
  const { analyse } = reader;
  const now = () => 1_000;
  const logs = new RunLogs(now);
  const pool = new SessionPool({ boxes: noBoxes, filesOf, records });
  const past = new PastRuns({ store: estimatesInMemory(), now });
  const choices = new SessionChoiceBook(choicesInMemory(), now);
  const cache = openResultCache(resultsInMemory(), now);
  const cached = new CachedRuns({
    cache,
    purityOf: async (code, language) => (await analyse({ code, label: language })).purity,
    filesStateOf: (sessionId) => filesState(filesOf(sessionId)),
    version: async () => '1',
    isOn: () => settings.usesCache,
  });
  const egress = egressInMemory();
  const gate = new NetworkGate({
    consents: consentsInMemory(),
    log: egress,
    mostMB: () => settings.networkMB,
    fetch: () => Promise.reject(new Error('no network in tests')),
    isPrivate: async () => false,
    now,
  });
  const book = new MachineBook(machinesInMemory(), now);
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
    history: historyInMemory(history),
    queue: {
      bounds: () => ({ atOnce: settings.runsAtOnce, poolMB: settings.poolMB }),
      strategy: () => settings.queueStrategy,
      memoryShare: () => 0,
    },
    needs: new RunNeeds(past),
    network: ({ sessionId, runner, trigger }, onBytes) => gate.forRun(sessionId, runner, trigger, onBytes),
    engines: book,
    cached,
    limitsOf: (request) => choices.limits(request),
    onAdmitted: (runId, request) => logs.open(runId, request),
    onEvent: (runId, event) => logs.append(runId, event),
    now,
    createRunId: () => `run-${(lastId += 1)}` as RunId,
  });
  serveRuns({
    service,
    pool,
    workspace: { filesOf, flush: async () => true, damaged: async () => [] },
    shown: { named: () => undefined },
    records,
    logs,
    rights: new CallerRights(now),
    analyse: (asked) => {
      analysed.push(asked);
      return analyse(asked);
    },
    past,
    choices,
    reader,
    reading,
    cache,
    gate,
    egress,
    book,
    shell: runner.manifest.languages.includes('shell') ? runner : undefined,
    savedTimes: async () => new Map(),
    endShells: async () => undefined,
    keptRoom: async () => 'What is kept.',
    toolPacks: { handlers: toolPackHandlers(toolPackShelf([])) },
    meter: { report: () => ({ samples: [], alerts: [] }) },
    machines: { report: () => null },
    surroundings: async (sessionId) => ({
      engines: service.capabilities(),
      remote: [],
      origins: await gate.origins(sessionId),
    }),
    settings: () => settings,
    warm: () => runner.warm(noBoxes),
    expect: () => undefined,
    kind: 'offscreen',
    pythonState: () => 'cold',
    hasSharedMemory: true,
    ownOrigin: OWN_ORIGIN,
    onPort: (listener, options) => board.onPort(listener, options),
    signal,
  });
  const by = (sender: Partial<PortSender>) => ({
    signal,
    connect: () => board.connect(RUNS_PORT, sender),
    ensureOther: async () => null,
  });
  const tab = (tabId: number) => by({ isOwn: true, origin: 'https://chatgpt.com', tabId, frameId: 0 });
  const ownPage = by({ isOwn: true, origin: OWN_ORIGIN, tabId: null, frameId: null });
  return {
    board,
    runner,
    trees,
    claims,
    history,
    records,
    egress,
    /** The door as a tab of the site has it. */
    fromTab: (tabId: number) => connectRunsDoor(tab(tabId)),
    fromOwnPage: () => connectRunsDoor(ownPage),
    settings,
    /** What reads code; a test may put a method of its own here. */
    reading,
    /** Each piece of code that was read. */
    analysed,
    engineFromTab: (tabId: number) => connectEngineDoor(tab(tabId)),
    engineFromOwnPage: () => connectEngineDoor(ownPage),
  };
}

function emptyTree(): StoredTree {
  const store = createMemoryOpfs();
  const open = new OpenFiles(async () => undefined);
  return new StoredTree({ directory: async () => store.root, open, now: () => 1 });
}
