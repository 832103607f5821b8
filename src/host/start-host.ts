import { createBoxOpener } from '../box/index.ts';
import { callerOf } from '../bridge/index.ts';
import { RUNS_PORT } from '../contracts/doors/runs-policy.ts';
import type { HostStatus } from '../contracts/doors/runs.ts';
import type { RunId, SessionId, TerminalId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
import type { Language } from '../contracts/run.ts';
import type { Settings } from '../contracts/settings.ts';
import {
  createCachedResults,
  createChoiceRecords,
  createClaims,
  createEgressLog,
  createMachineRecords,
  createNetworkConsents,
  createRunEstimates,
  createRunHistory,
  createSavedEngines,
  createSavedSizes,
  createSavedTimes,
  createSessionRecords,
  createTextRecords,
  openDatabase,
} from '../database/index.ts';
import {
  CachedRuns,
  machineNameOf,
  machineSession,
  type NetworkUser,
  openResultCache,
  ownerOfFiles,
  PastRuns,
  RunNeeds,
  RunService,
  SessionChoiceBook,
  SessionPool,
} from '../execution/index.ts';
import { onPort, ownOrigin, packageUrl, packageVersion } from '../platform/index.ts';
import { javascriptEngine } from '../runners/javascript/index.ts';
import { packagedSource } from '../runners/kit/index.ts';
import { chooseStart } from '../runners/python/index.ts';
import { openWorkspace, ownFolder } from '../workspace/index.ts';
import { CallerRights } from './caller-rights.ts';
import { createCodeReader } from './code-reader.ts';
import { createDamageNotices } from './damage-notices.ts';
import { programsBy } from './decisions.ts';
import { engineMemory, memoryShare } from './engine-memory.ts';
import { filesState } from './files-state.ts';
import { IdleWatch } from './idle-watch.ts';
import { createKeptRoom } from './kept-room.ts';
import { MachineMeter } from './machine-meter.ts';
import { createBootNotices, MachineBook } from './machines/index.ts';
import { Meter } from './meter.ts';
import { NetworkGate } from './network/index.ts';
import { PreviewService, servePreviews } from './previews/index.ts';
import { PythonAhead } from './python-ahead.ts';
import { letGoReadAhead, readAhead } from './read-ahead.ts';
import { openReading, warmAtRest } from './reading/index.ts';
import { createRunners } from './registry.ts';
import { RunLogs } from './run-log.ts';
import { serveRuns } from './serve-runs.ts';
import { ShellAhead } from './shell-ahead.ts';
import { ShownSessions } from './shown-sessions.ts';
import { canAffordCostly, canAffordSpare, isShortForLinux } from './spare-memory.ts';
import { createTerminalMachines, serveTerminals, TerminalService } from './terminals/index.ts';
import { openToolPacks } from './tool-pack/index.ts';

export interface HostOptions {
  readonly kind: HostStatus['kind'];
  readonly document: Document;
  /** A frame of the box page that the document came with. */
  readonly firstFrame?: HTMLIFrameElement | undefined;
  /** Asked whenever one counts, so that a changed setting counts for what comes next. */
  readonly settings: () => Settings;
  /** Somebody connects for the first time: most of them want an engine soon. */
  readonly onFirstUse?: () => void;
  /** Nobody is connected, nothing runs, nothing is kept: a document of its own may close. */
  readonly onIdle?: () => void;
  /** Called with true when the first run begins, and with false when the last one has ended. */
  readonly onBusy?: (isBusy: boolean) => void;
  readonly signal: AbortSignal;
}

export interface Host {
  /**
   * Gets Python and the reading of code ready ahead of need, unless they are. `isForShell`: a program for Linux is on its way, which
   * begins first.
   */
  warm(first?: { readonly isForShell: boolean }): void;
  /** `settings` answers something else now: what was made ready by the old answer is made again. */
  settingsChanged(before: Settings): void;
}

const ignore = (): void => undefined;

/** Tells of the first of several things that begins, and of the last that ends; each call gives what one of them tells by. */
function busyOfAll(tell: (isBusy: boolean) => void): () => typeof tell {
  const busy = new Set<object>();
  return () => {
    const part = {};
    return (isBusy) => {
      const before = busy.size;
      if (isBusy) busy.add(part);
      else busy.delete(part);
      if (Math.min(before, busy.size) === 0 && before !== busy.size) tell(isBusy);
    };
  };
}

/** Builds and serves the one world that owns runs and files. Its door listens before this returns. */
export function startHost(options: HostOptions): Host {
  const { signal, document } = options;
  const now = () => Date.now();
  const deviceMemory = (navigator as { readonly deviceMemory?: number }).deviceMemory;
  const sourceOf = (id: string) => packagedSource(packageUrl('/'), id, readAhead);
  const boxes = createBoxOpener({
    document,
    pageUrl: packageUrl('/box.html'),
    firstFrame: options.firstFrame,
    isOneProcess: options.kind === 'background',
    compiledAhead: javascriptEngine(sourceOf('javascript')),
    canAffordSpare: () => canAffordSpare(deviceMemory),
    canAffordCostly: () => canAffordCostly(deviceMemory, engineMemory(pool, deviceMemory).share),
  });
  const pythonStart = () => chooseStart(options.settings().pythonStart, deviceMemory);
  const workspace = openWorkspace({ signal });
  const database = openDatabase();
  const book = new MachineBook(createMachineRecords(database), now);
  const texts = createTextRecords(database);
  const toolPacks = openToolPacks({
    list: async () => (await sourceOf('linux').load('tool-packs.json')).text(),
    folder: () => ownFolder('tool-pack'),
    records: texts,
    freeBytes: async () => {
      const { quota = 0, usage = 0 } = await navigator.storage.estimate();
      return quota - usage;
    },
    // Only Linux is kept; one that opens may be reading it by now.
    isInUse: () => pool.isOpening || pool.all().some(({ saved }) => saved !== null),
    onChange: () => dropSpare(),
    now,
  });
  const runners = createRunners({
    sourceOf,
    pythonStart,
    isMemoryShort: () => isShortForLinux(options.settings().pythonStart, deviceMemory, navigator.userAgent),
    savedEngines: createSavedEngines(database, now),
    specOf: (sessionId) => book.specOf(sessionId),
    toolPack: toolPacks.current,
  });
  const shell = runners.find(({ manifest }) => manifest.languages.includes('shell'));
  const records = createSessionRecords(database);
  const history = createRunHistory(database);
  history.endAbandoned().catch((cause: unknown) => console.warn('history of an earlier host not closed', cause));

  const busyPart = busyOfAll(options.onBusy ?? ignore);
  const logs = new RunLogs(now);
  const pool = new SessionPool({
    boxes,
    filesOf: (sessionId) => workspace.filesOf(ownerOfFiles(sessionId)),
    records,
    // An event page is ended before a machine rests by itself.
    saveAfterMs: options.kind === 'background' ? LIMITS.savedSoonMs.standard : undefined,
    onSaving: busyPart(),
    onEngine: (sessionId, engine) => machines.watch(sessionId, engine),
    onRoom: () => service.boundsChanged(),
    idleMs: () => options.settings().sessionIdleMs,
  });
  const saveMachinesOf = (seen: SessionId) => {
    for (const { sessionId } of pool.all()) {
      const name = machineNameOf(sessionId);
      if (sessionId === (name === null ? seen : machineSession(name, seen))) void pool.save(sessionId);
    }
  };
  const shown = new ShownSessions(saveMachinesOf);
  const terminalPages = new ShownSessions(
    (seen) => void terminals.left(seen).then(() => saveMachinesOf(seen)),
    LIMITS.terminalsUnseenMs.standard,
  );
  const reading = openReading({ signal });
  const reader = createCodeReader(texts, reading);
  const { analyse } = reader;
  const egress = createEgressLog(database);
  const gate = new NetworkGate({
    consents: createNetworkConsents(database),
    log: egress,
    mostMB: () => options.settings().networkMB,
    fetch: (address, request) => fetch(address, request),
    isPrivate: (sessionId) => records.hasMark(sessionId, 'private').catch(() => true),
    now,
  });
  const meter = new Meter({
    memory: () => engineMemory(pool, deviceMemory),
    storage: () => navigator.storage.estimate(),
    networkBytes: () => gate.bytes,
    processors: navigator.hardwareConcurrency,
    cpuBesideRuns: () => {
      const runs = service.activeRuns().flatMap((runId) => service.status(runId) ?? []);
      const inMachines = runs.filter(({ runner, beganAtMs }) => runner === 'linux' && beganAtMs !== null);
      return machines.cpuBeside(new Set(inMachines.map(({ sessionId }) => sessionId)));
    },
    cleanUp: () => {
      dropSpare();
      void cache.releaseMemory();
      memoryShare(pool, deviceMemory, { isAwaited: false });
    },
    now,
    signal,
  });
  const machines = new MachineMeter({ carried: (engine) => gate.carried(engine, 'linux'), now });
  const network = ({ sessionId, engine, runner, trigger }: NetworkUser, onBytes?: (bytes: number) => void) =>
    gate.forRun(sessionId, runner, trigger, onBytes, { engine, within: book.narrowed(engine) });
  const savedTimes = createSavedTimes(database);
  const damageOf = createDamageNotices(workspace);
  const bootsFirst = createBootNotices({ machines: book, pool, savedTimes });
  const past = new PastRuns({ store: createRunEstimates(database), now });
  const choices = new SessionChoiceBook(createChoiceRecords(database), now);
  const cache = openResultCache(createCachedResults(database), now);
  const cached = new CachedRuns({
    cache,
    purityOf: async (code, language) => (await analyse({ code, label: language })).purity,
    filesStateOf: (sessionId) => filesState(workspace.filesOf(ownerOfFiles(sessionId))),
    version: packageVersion,
    isOn: () => options.settings().usesCache,
  });
  const service: RunService = new RunService({
    runners,
    pool,
    claims: createClaims(database),
    history,
    queue: {
      bounds: () => ({ atOnce: options.settings().runsAtOnce, poolMB: options.settings().poolMB }),
      strategy: () => options.settings().queueStrategy,
      memoryShare: () => memoryShare(pool, deviceMemory),
    },
    cached,
    noticeOf: async (sessionId, runner) => {
      const notices = [await damageOf(sessionId), runner === shell ? await bootsFirst(sessionId) : null];
      return notices.filter((notice) => notice !== null).join(' ') || null;
    },
    network,
    engines: book,
    needs: new RunNeeds(past, programsBy(analyse)),
    limitsOf: (request) => choices.limits(request),
    onAdmitted: (runId, request) => {
      boxes.noteUse('began');
      idle.wanted(); // what starts ahead of need after it goes again in time
      logs.open(runId, request);
    },
    onEvent: (runId, event) => {
      if (event.kind === 'ended') boxes.noteUse('ended');
      meter.note(runId, event);
      logs.append(runId, event);
    },
    onBusy: busyPart(),
    now,
    createRunId: () => crypto.randomUUID() as RunId,
  });

  const python = new PythonAhead(async () => {
    const isReady = await boxes.spareReady();
    letGoReadAhead();
    return isReady;
  });
  const dropSpare = () => {
    boxes.dropSpare();
    python.drop();
  };
  const isBusy = () => service.activeRuns().length > 0;
  const idle = new IdleWatch({
    isBusy,
    sessions: () => pool.all().length,
    dropSpare,
    onIdle: options.onIdle ?? ignore,
    now,
    signal,
  });
  const warm = (language: Language = 'python', sessionId?: SessionId) => {
    const runner = runners.find(({ manifest }) => manifest.languages.includes(language));
    if (runner === undefined || (sessionId !== undefined && pool.engineOf(runner, sessionId) !== null)) return;
    // One of those that a person made is like no other: none is ready ahead of need.
    if (sessionId !== undefined && book.engineSession(runner, sessionId) !== sessionId) return;
    idle.wanted();
    if (language === 'python') python.warm(() => runner.warm(boxes));
    else runner.warm(boxes);
  };
  const shellAhead = new ShellAhead({
    shell,
    boxes,
    pool,
    book,
    isOn: () => options.settings().isOn,
    isBusy,
    now,
    signal,
  });
  let isUsed = false;
  let isReadingWarm = false;
  const terminals = new TerminalService({
    hold: createTerminalMachines({ shell, book, pool, network }),
    loadScreens: async () => (await import('./terminals/screen.ts')).createScreen,
    onBusy: busyPart(),
    createId: () => crypto.randomUUID() as TerminalId,
  });
  serveRuns({
    service,
    pool,
    shown,
    workspace,
    records,
    logs,
    rights: new CallerRights(now),
    analyse,
    reader,
    reading,
    past,
    choices,
    cache,
    meter,
    machines,
    gate,
    egress,
    book,
    shell,
    savedTimes,
    endShells: (sessionId) => terminals.endAtRest(sessionId),
    keptRoom: createKeptRoom({
      savedSizes: createSavedSizes(database),
      workspace,
      usedBytes: async () => (await navigator.storage.estimate()).usage ?? 0,
    }),
    toolPacks,
    surroundings: async (sessionId) => ({
      engines: service.capabilities(),
      remote: [],
      origins: await gate.origins(sessionId),
    }),
    settings: options.settings,
    warm,
    expect: (language, sessionId) => shellAhead.expect(language, sessionId),
    kind: options.kind,
    pythonState: () => (pool.all().length > 0 ? 'ready' : python.state),
    hasSharedMemory: globalThis.crossOriginIsolated,
    onPort: (listener, until) =>
      onPort(
        RUNS_PORT,
        (port) => {
          const link = idle.connected();
          port.onDisconnect(link.ended, until);
          const caller = callerOf(port.sender, ownOrigin());
          if (caller?.kind === 'site') port.onDisconnect(shown.connected(caller.key).ended, until);
          if (!isUsed) options.onFirstUse?.();
          isUsed = true;
          listener(port);
        },
        until,
      ),
    signal,
  });
  const inUse = {
    report: (sessionId: SessionId, most: number | undefined) =>
      machines.report(shell ? book.engineSession(shell, sessionId) : sessionId, most),
  };
  serveTerminals({ service: terminals, machines: inUse, records, pages: terminalPages, signal });
  const previews = new PreviewService({
    inUse: async (named) => {
      await book.ready();
      const sessionId = await records.storedAs(named);
      if (!shell) return undefined;
      const used = book.engineSession(shell, sessionId);
      return { runner: shell, sessionId: used, ports: book.shownPorts(used) };
    },
    pool,
    onBusy: busyPart(),
  });
  servePreviews({ service: previews, signal });
  signal.addEventListener('abort', () => {
    service.stopAll();
    boxes.dropSpare();
    database.close();
  });
  return {
    warm({ isForShell } = { isForShell: false }) {
      if (isForShell) shellAhead.first(warm);
      else warm();
      if (canAffordSpare(deviceMemory) && !isReadingWarm) warmAtRest(reading, boxes, signal);
      isReadingWarm = true;
    },
    settingsChanged(before) {
      service.boundsChanged();
      if (before.pythonStart === options.settings().pythonStart) return;
      const wasWarm = python.state !== 'cold';
      dropSpare();
      if (wasWarm) warm();
    },
  };
}
