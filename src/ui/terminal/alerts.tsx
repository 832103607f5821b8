import { type ReadonlySignal, signal } from '@preact/signals';
import type { TerminalsDoor } from '../../contracts/doors/terminals.ts';
import type { SessionId } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { MeterAlert } from '../../contracts/meter.ts';
import { Button } from '../kit/index.ts';
import { MACHINE_ALERT_TEXTS } from '../machine-texts.ts';
import type { Tabs } from './tabs.ts';
import { TERMINAL_TEXTS } from './texts.ts';

const T = TERMINAL_TEXTS.alerts;

/** What shows where it goes, in both images: BusyBox has the second `top`. */
const SHOWS: Readonly<Record<MeterAlert, string>> = {
  memory: 'top -o %MEM 2>/dev/null || top',
  cpu: 'top',
  storage: 'du -xk / 2>/dev/null | sort -n | tail -n 20',
};

export interface AlertsOptions {
  readonly door: Pick<TerminalsDoor, 'alerts'>;
  readonly sessionId: SessionId;
  /** Whether there is anything to ask about, and somebody to see it. */
  readonly isShown: () => boolean;
  readonly signal: AbortSignal;
}

/** What of the session's machine is nearly used up, asked every five seconds while somebody sees it. */
export function followAlerts({
  door,
  sessionId,
  isShown,
  signal: until,
}: AlertsOptions): ReadonlySignal<readonly MeterAlert[]> {
  const alerts = signal<readonly MeterAlert[]>([]);
  const look = async (): Promise<void> => {
    const answer = isShown() ? await door.alerts({ sessionId }) : null;
    // Without an answer there is nothing to say: a terminal that lost its host says so itself.
    if (!until.aborted) alerts.value = answer?.ok === true ? answer.value : [];
  };
  const timer = setInterval(() => void look(), LIMITS.meterEveryMs.standard);
  until.addEventListener('abort', () => clearInterval(timer), { once: true });
  return alerts;
}

/** A quiet sentence for each, and a terminal that shows where it goes. */
export function AlertRows({
  alerts,
  tabs,
}: {
  readonly alerts: readonly MeterAlert[];
  readonly tabs: Pick<Tabs, 'open'>;
}) {
  return (
    <>
      {alerts.map((alert) => (
        <div key={alert} class="note" role="status" data-part="machine-alert" data-alert={alert}>
          <span>{MACHINE_ALERT_TEXTS[alert]}</span>
          <Button action="show-use" onPress={() => tabs.open(SHOWS[alert])}>
            {T[alert]}
          </Button>
        </div>
      ))}
    </>
  );
}
