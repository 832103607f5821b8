import type { SessionId } from '../../contracts/ids.ts';
import type { MachineReport, MachineSample } from '../../contracts/meter.ts';
import { Button, formatBytes, Sparkline } from '../kit/index.ts';
import { MACHINE_ALERT_TEXTS, MACHINE_METER_TEXTS } from '../machine-texts.ts';
import { POPUP_TEXTS } from '../texts.ts';
import { growthOf, lineOf } from './meter-lines.ts';
import { conversationOf, type ShownPage } from './popup-state.ts';

const T = MACHINE_METER_TEXTS;

interface MachineMeterPartProps {
  /** Of the conversation that it names. */
  readonly machine: { readonly sessionId: SessionId; readonly report: MachineReport | null } | null;
  readonly page: ShownPage;
  readonly onOpenTerminals: () => void;
}

const partOf = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

const memoryOf = (sample: MachineSample): number => partOf(sample.memoryBytes, sample.memoryMostBytes);
const storageOf = (sample: MachineSample): number => partOf(sample.storageBytes, sample.storageMostBytes);

interface RowProps {
  readonly part: string;
  readonly name: string;
  readonly shares: readonly number[];
  readonly label: string;
  readonly words: string;
}

function Row({ part, name, shares, label, words }: RowProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd data-part={part}>
        <Sparkline shares={lineOf(shares)} label={label} /> {words}
      </dd>
    </div>
  );
}

/** The same rows before the first sample: what stands below would move away from under a finger. */
function RowsAhead() {
  return (
    <dl class="counts" data-part="machine-meter-ahead">
      {[T.memory, T.cpu, T.storage, T.network].map((name) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>–</dd>
        </div>
      ))}
    </dl>
  );
}

/** What the Linux of the conversation in the tab in front uses inside, and what of it is nearly used up. */
export function MachineMeterPart({ machine, page, onOpenTerminals }: MachineMeterPartProps) {
  const report = machine !== null && machine.sessionId === conversationOf(page) ? machine.report : null;
  const samples = report?.samples ?? [];
  const last = samples.at(-1);
  if (report === null) return null;
  if (last === undefined) return <RowsAhead />;
  const percent = (share: number): number => Math.round(share * 100);
  const both = POPUP_TEXTS.network.outAndIn(formatBytes(last.sentBytes), formatBytes(last.receivedBytes));
  const carried = samples.map(({ sentBytes, receivedBytes }) => sentBytes + receivedBytes);
  return (
    <div data-part="machine-meter" data-rests={report.isResting ? '' : undefined}>
      <dl class="counts">
        <Row
          part="machine-memory"
          name={T.memory}
          shares={samples.map(memoryOf)}
          label={T.share(T.memory, percent(memoryOf(last)))}
          words={T.of(formatBytes(last.memoryBytes), formatBytes(last.memoryMostBytes))}
        />
        <Row
          part="machine-cpu"
          name={T.cpu}
          shares={samples.map(({ cpuShare }) => cpuShare)}
          label={T.share(T.cpu, percent(last.cpuShare))}
          words={report.isResting ? T.paused : `${percent(last.cpuShare)} %`}
        />
        {last.storageMostBytes === 0 ? null : (
          <Row
            part="machine-storage"
            name={T.storage}
            shares={samples.map(storageOf)}
            label={T.share(T.storage, percent(storageOf(last)))}
            words={T.of(formatBytes(last.storageBytes), formatBytes(last.storageMostBytes))}
          />
        )}
        <Row
          part="machine-network"
          name={T.network}
          shares={growthOf(carried)}
          label={T.requests(T.network, last.requests)}
          words={both}
        />
      </dl>
      {report.alerts.map((alert) => (
        <div key={alert} class="alert" role="status" data-part="machine-alert" data-alert={alert}>
          <p>{MACHINE_ALERT_TEXTS[alert]}</p>
          <Button action="alert-terminal" onPress={onOpenTerminals}>
            {T.lookAt}
          </Button>
        </div>
      ))}
    </div>
  );
}
