import type { MeterReport, MeterSample } from '../../contracts/meter.ts';
import { formatBytes, Sparkline } from '../kit/index.ts';
import { POPUP_TEXTS } from '../texts.ts';

const T = POPUP_TEXTS.meter;
/** Samples of the graph: five minutes. */
const SHOWN = 60;

const ROWS = [
  {
    name: T.memory,
    share: (sample: MeterSample) => sample.memoryShare,
    bytes: (sample: MeterSample) => sample.memoryBytes,
  },
  { name: T.cpu, share: (sample: MeterSample) => sample.cpuShare, bytes: null },
  {
    name: T.storage,
    share: (sample: MeterSample) => sample.storageShare,
    bytes: (sample: MeterSample) => sample.storageBytes,
  },
] as const;

/** What the engines used in the last minutes, and what is above its threshold now; nothing before the first sample. */
export function MeterPart({ report }: { readonly report: MeterReport | null }) {
  const samples = report?.samples.slice(-SHOWN) ?? [];
  const last = samples.at(-1);
  if (report === null || last === undefined) return null;
  return (
    <div data-part="meters">
      <dl class="counts">
        {ROWS.map(({ name, share, bytes }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Sparkline shares={samples.map(share)} label={T.share(name, Math.round(share(last) * 100))} />{' '}
              {bytes === null ? `${Math.round(share(last) * 100)} %` : formatBytes(bytes(last))}
            </dd>
          </div>
        ))}
      </dl>
      {report.alerts.map((alert) => (
        <p key={alert} role="status" data-part="alert">
          {T.alerts[alert]}
        </p>
      ))}
    </div>
  );
}
