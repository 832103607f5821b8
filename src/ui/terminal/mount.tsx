import { effect } from '@preact/signals';
import { render } from 'preact';
import type { TerminalsDoor } from '../../contracts/doors/terminals.ts';
import { FAILURES } from '../../contracts/failures.ts';
import type { SessionId } from '../../contracts/ids.ts';
import { learnFailures } from '../kit/index.ts';
import { MACHINE_STYLES, type MachinesEngine, MachinesState } from '../machines/index.ts';
import { COMMON_TEXTS } from '../texts.ts';
import { TERMINAL_TEXTS } from './texts.ts';
import { createActions } from './actions.ts';
import { followAlerts } from './alerts.tsx';
import { TERMINAL_STYLES } from './styles.ts';
import { Tabs } from './tabs.ts';
import { TerminalsView } from './view.tsx';

export interface TerminalsOptions {
  readonly door: TerminalsDoor;
  readonly engine: MachinesEngine;
  /** In a press: asks for the right to read answers of these origins. */
  readonly requestHostAccess: (origins: readonly string[]) => Promise<boolean>;
  readonly sessionId: SessionId;
  /** Ends what is drawn; the terminals themselves go on at the host. */
  readonly signal: AbortSignal;
}

/** Draws the session's terminals into `place` until the signal aborts. */
export function mountTerminals(place: HTMLElement, options: TerminalsOptions): void {
  const { door, engine, sessionId, signal } = options;
  learnFailures(FAILURES);
  const { ownerDocument: document } = place;
  const style = document.createElement('style');
  style.textContent = TERMINAL_STYLES + MACHINE_STYLES;
  document.head.append(style);
  const tabs: Tabs = new Tabs({ door, sessionId, document, onKey: (event) => actions.takeKey(event) });
  const actions = createActions(tabs, document);
  const alerts = followAlerts({
    door,
    sessionId,
    // Asking keeps the host awake.
    isShown: () => !document.hidden && tabs.panes.value.some(({ phase }) => phase.value.kind === 'running'),
    signal,
  });
  followTheme(document, () => tabs.themeChanged(), signal);
  const endTitle = effect(() => nameTab(document, tabs.active.value?.number.value ?? 0));
  const machines = new MachinesState(engine, sessionId, (origins) => void options.requestHostAccess(origins));
  render(<TerminalsView tabs={tabs} actions={actions} alerts={alerts} machines={machines} />, place);
  void tabs.start();
  signal.addEventListener(
    'abort',
    () => {
      endTitle();
      render(null, place);
      tabs.leave();
      style.remove();
    },
    { once: true },
  );
}

/** A reload shows the same terminal in front. */
function nameTab(document: Document, number: number): void {
  document.title = `${number > 0 ? TERMINAL_TEXTS.name(number) : TERMINAL_TEXTS.title} · ${COMMON_TEXTS.product}`;
  if (number > 0) history.replaceState(null, '', `#${number}`);
}

function followTheme(document: Document, onChange: () => void, signal: AbortSignal): void {
  const query = matchMedia('(prefers-color-scheme: dark)');
  const update = () => {
    document.documentElement.setAttribute('data-theme', query.matches ? 'dark' : 'light');
    onChange();
  };
  query.addEventListener('change', update, { signal });
  update();
}
