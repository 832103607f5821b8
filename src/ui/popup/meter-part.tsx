import type { SessionId } from '../../contracts/ids.ts';
import type { MeterReport, MeterSample } from '../../contracts/meter.ts';
import type { SessionNetwork } from '../../contracts/network.ts';
import { formatBytes, Sparkline } from '../kit/index.ts';
import { POPUP_TEXTS } from '../texts.ts';
import { growthOf, lineOf } from './meter-lines.ts';
import { conversationOf, METER_SAMPLES, type ShownPage } from './popup-state.ts';

const T = POPUP_TEXTS.meter;

const ROWS = [
  {
    name: T.memory,
    part: 'memory',
    share: (sample: MeterSample) => sample.memoryShare,
    bytes: (sample: MeterSample) => sample.memoryBytes,
  },
  { name: T.cpu, part: 'cpu', share: (sample: MeterSample) => sample.cpuShare, bytes: null },
  {
    name: T.storage,
    part: 'storage',
    share: (sample: MeterSample) => sample.storageShare,
    bytes: (sample: MeterSample) => sample.storageBytes,
  },
] as const;

interface MeterPartProps {
  readonly report: MeterReport | null;
  /** Of the conversation that it names. */
  readonly network: { readonly sessionId: SessionId; readonly now: SessionNetwork } | null;
  readonly page: ShownPage;
}

/** The same rows before the first sample: what stands below would move away from under a finger. */
function MetersAhead() {
  return (
    <dl class="counts" data-part="meters-ahead">
      {[...ROWS.map(({ name }) => name), T.network].map((name) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>–</dd>
        </div>
      ))}
    </dl>
  );
}

/** What the engines used in the last minutes, and what is above its threshold now. */
export function MeterPart({ report, network, page }: MeterPartProps) {
  const samples = report?.samples.slice(-METER_SAMPLES) ?? [];
  const last = samples.at(-1);
  if (report === null || last === undefined) return <MetersAhead />;
  const sessionId = conversationOf(page);
  const own = network !== null && network.sessionId === sessionId ? network.now : null;
  return (
    <div data-part="meters">
      <dl class="counts">
        {ROWS.map(({ name, part, share, bytes }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd data-part={part}>
              <Sparkline shares={lineOf(samples.map(share))} label={T.share(name, Math.round(share(last) * 100))} />{' '}
              {bytes === null ? `${Math.round(share(last) * 100)} %` : formatBytes(bytes(last))}
            </dd>
          </div>
        ))}
        <div>
          <dt>{T.network}</dt>
          <dd>
            <Sparkline
              shares={lineOf(growthOf(samples.map(({ networkBytes }) => networkBytes)))}
              label={T.networkTotal(formatBytes(last.networkBytes))}
            />{' '}
            {formatBytes(last.networkBytes)}
          </dd>
        </div>
        {own === null ? null : (
          <div data-part="own-network">
            <dt class="inner">{T.ofConversation}</dt>
            <dd>
              {POPUP_TEXTS.network.outAndIn(formatBytes(own.sentBytes), formatBytes(own.usedBytes - own.sentBytes))}
            </dd>
          </div>
        )}
      </dl>
      {report.alerts.map((alert) => (
        <p key={alert} role="status" data-part="alert">
          {T.alerts[alert]}
        </p>
      ))}
    </div>
  );
}
