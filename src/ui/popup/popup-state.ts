import { batch, type Signal, signal } from '@preact/signals';
import type { EngineDoor } from '../../contracts/doors/engine.ts';
import type { FileCount } from '../../contracts/files.ts';
import type { MachineReport, MeterReport } from '../../contracts/meter.ts';
import { type SessionId, sessionIdOf } from '../../contracts/ids.ts';
import type { SessionNetwork } from '../../contracts/network.ts';
import type { PageAnswer, PageDoor, PageReport } from '../../contracts/doors/page-report.ts';
import type { HostStatus, RunsDoor } from '../../contracts/doors/runs.ts';
import type { SettingsDoor } from '../../contracts/doors/settings.ts';
import type { RunSummary } from '../../contracts/run.ts';
import type { Settings } from '../../contracts/settings.ts';
import type { ShownEgress } from './egress-part.tsx';
import { readWhile } from './while-shown.ts';

export interface PopupDoors {
  readonly runs: RunsDoor;
  readonly engine: Pick<
    EngineDoor,
    | 'meter'
    | 'machineMeter'
    | 'network'
    | 'allowHosts'
    | 'egressLog'
    | 'clearEgressLog'
    | 'capabilities'
    | 'sessionChoices'
    | 'cacheStatus'
    | 'clearCache'
    | 'analysisOptions'
    | 'setAnalysisOptions'
    | 'countFiles'
    | 'exportZip'
    | 'importZip'
    | 'readPiece'
    | 'saveMachine'
  >;
  readonly settings: SettingsDoor;
  readonly page: PageDoor;
}

/** How many files a conversation has, and what they weigh together. */
export interface KnownFiles extends FileCount {
  readonly sessionId: SessionId;
}

/** What the tab in front says; null while it is not known, `unavailable` when nobody answered. */
export type ShownPage = PageAnswer | 'unavailable' | null;

/** What the popup shows; null while it is not known, `unavailable` when nobody answered. */
export interface PopupState {
  readonly settings: Signal<Settings>;
  readonly status: Signal<HostStatus | 'unavailable' | null>;
  readonly page: Signal<ShownPage>;
  readonly runs: Signal<readonly RunSummary[]>;
  readonly meter: Signal<MeterReport | null>;
  /** Of the conversation in the tab in front. */
  readonly network: Signal<{ readonly sessionId: SessionId; readonly now: SessionNetwork } | null>;
  /** Of the conversation in the tab in front; its report is null where it has no machine. */
  readonly machine: Signal<{ readonly sessionId: SessionId; readonly report: MachineReport | null } | null>;
  readonly egress: ShownEgress;
  /** Of the conversation in the tab in front. */
  readonly files: Signal<KnownFiles | null>;
}

/** The conversation in the tab in front; null where it shows none, or nobody answered. */
export const conversationOf = (page: ShownPage): SessionId | null =>
  page === null || typeof page === 'string' ? null : sessionIdOf(page.sessionId);

/** A page that was just gone to is still being drawn: what it lacks counts where it lacked that at the look before, too. */
function whatLasts(now: PageReport, before: PageReport | null): PageReport {
  const isSame = before !== null && before.conversationId === now.conversationId;
  const lacked = isSame ? before.missingLandmarks : [];
  return { ...now, missingLandmarks: now.missingLandmarks.filter((name) => lacked.includes(name)) };
}

const MOST_RUNS = 5;
/** Of the meter's graph: five minutes. */
export const METER_SAMPLES = 60;
const MOST_REQUESTS = 20;

/** Reads the state of tab and host now and again while the popup is open. */
export function openPopupState(doors: PopupDoors, options: { readonly signal: AbortSignal }): PopupState {
  const state: PopupState = {
    settings: signal(doors.settings.get()),
    status: signal(null),
    page: signal(null),
    runs: signal([]),
    meter: signal(null),
    network: signal(null),
    machine: signal(null),
    egress: { entries: signal([]), most: signal(MOST_REQUESTS) },
    files: signal(null),
  };
  doors.settings.onChange((now) => (state.settings.value = now), options);
  let lastReport: PageReport | null = null;
  const readPage = async () => {
    const answer = await doors.page.report();
    const shownBefore = conversationOf(state.page.value);
    const before = lastReport;
    lastReport = answer.ok && answer.value !== 'loading' ? answer.value : null;
    if (lastReport !== null) state.page.value = whatLasts(lastReport, before);
    else state.page.value = answer.ok ? 'loading' : 'unavailable';
    const shown = conversationOf(state.page.value);
    // What belongs to it must not wait for the next look at the host.
    if (shown !== null && shown !== shownBefore) await readHost();
  };
  const readHost = async () => {
    const { entries } = state.egress;
    const [listed, networkBefore] = [entries.value, state.network.value];
    const [status, runs, meter, egress] = await Promise.all([
      doors.runs.status({}),
      doors.runs.recentRuns({ most: MOST_RUNS }),
      doors.engine.meter({ most: METER_SAMPLES }),
      doors.engine.egressLog({ most: state.egress.most.value }),
    ]);
    const own = status.ok ? await readConversation() : null;
    // At once: each of them moves what stands below it.
    batch(() => {
      state.status.value = status.ok ? status.value : 'unavailable';
      if (runs.ok) state.runs.value = runs.value;
      if (meter.ok) state.meter.value = meter.value;
      // What was changed in the popup meanwhile is newer than this answer.
      if (egress.ok && entries.value === listed) entries.value = egress.value;
      if (own === null || own.sessionId !== conversationOf(state.page.value)) return;
      if (state.network.value === networkBefore) state.network.value = own.network;
      state.files.value = own.files;
      state.machine.value = own.machine;
    });
  };
  const readConversation = async () => {
    const sessionId = conversationOf(state.page.value);
    if (sessionId === null) return { sessionId, network: null, files: null, machine: null };
    const [network, files, machine] = await Promise.all([
      doors.engine.network({ sessionId }),
      doors.engine.countFiles({ sessionId }),
      doors.engine.machineMeter({ sessionId, most: METER_SAMPLES }),
    ]);
    return {
      sessionId,
      network: network.ok ? { sessionId, now: network.value } : null,
      files: files.ok ? { sessionId, ...files.value } : null,
      machine: machine.ok ? { sessionId, report: machine.value } : null,
    };
  };
  // Apart from each other: the page's answer must not wait for a host that is still to be started.
  readWhile(options.signal, () => {
    void readPage();
    void readHost();
  });
  return state;
}
