import { type ComponentChildren, render } from 'preact';
import { onAbort } from '../../base/index.ts';
import { askForFailures, Button, dressOwnPage } from '../kit/index.ts';
import { COMMON_TEXTS, POPUP_TEXTS } from '../texts.ts';
import { EgressPart } from './egress-part.tsx';
import { EnginePart, RunsPart } from './engine-part.tsx';
import { FilesPart } from './files-part.tsx';
import { MachineMeterPart } from './machine-meter-part.tsx';
import { MachinePart } from './machine-part.tsx';
import { MeterPart } from './meter-part.tsx';
import { NetworkPart } from './network-part.tsx';
import { PagePart } from './page-part.tsx';
import { conversationOf, openPopupState, type PopupDoors, type PopupState } from './popup-state.ts';
import { Switch } from './fields.tsx';
import { SaveProblem, SettingsPart, useSave } from './settings-part.tsx';
import { POPUP_STYLES } from './styles.ts';

export type { PopupDoors } from './popup-state.ts';

export interface PopupOptions {
  /** Where files can be chosen: in this document, only in a tab that `openTab` shows, or in both. */
  readonly files: 'here' | 'in-tab' | 'both';
  readonly openTab: () => Promise<void>;
  /** Shows the terminals of a conversation; of none where no page of the site is in front. */
  readonly openTerminals: (sessionId: string | null) => Promise<void>;
  /** Shows the page that copies a folder of the device into a conversation. */
  readonly openFolder: (sessionId: string) => Promise<void>;
  /** In a press: asks for the right to read answers of these origins. */
  readonly requestHostAccess: (origins: readonly string[]) => Promise<boolean>;
  readonly signal: AbortSignal;
}

const T = POPUP_TEXTS;

function Section({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <section>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function Popup({
  doors,
  state,
  options,
}: {
  readonly doors: PopupDoors;
  readonly state: PopupState;
  readonly options: PopupOptions;
}) {
  const settings = state.settings.value;
  const page = state.page.value;
  const { save, problem } = useSave(doors);
  const openTerminals = () => void options.openTerminals(conversationOf(page));
  return (
    <main>
      <h1>{COMMON_TEXTS.product}</h1>
      <Switch name="isOn" label={T.isOn} hint={T.isOnHint} isOn={settings.isOn} onChange={(isOn) => save({ isOn })} />
      <SaveProblem problem={problem} />
      <Section title={T.page}>
        <PagePart page={page} door={doors.page} />
      </Section>
      <Section title={T.runtime}>
        <EnginePart status={state.status.value} ofPage={conversationOf(page)} />
        <MachinePart key={conversationOf(page)} engine={doors.engine} status={state.status.value} page={page} />
        <MachineMeterPart machine={state.machine.value} page={page} onOpenTerminals={openTerminals} />
        <Button action="terminal" onPress={openTerminals}>
          {T.terminal}
        </Button>
        <MeterPart report={state.meter.value} network={state.network.value} page={page} />
      </Section>
      <Section title={T.files}>
        <FilesPart
          doors={doors}
          page={page}
          known={state.files}
          place={options.files}
          onOpenTab={() => void options.openTab()}
          onAddFolder={(sessionId) => void options.openFolder(sessionId)}
        />
      </Section>
      <Section title={T.network.title}>
        <NetworkPart
          engine={doors.engine}
          page={page}
          network={state.network}
          onAllow={(origins) => void options.requestHostAccess(origins)}
        />
        <EgressPart engine={doors.engine} shown={state.egress} ofPage={conversationOf(page)} />
      </Section>
      <Section title={T.runs}>
        <RunsPart runs={state.runs.value} ofPage={conversationOf(page)} />
      </Section>
      <Section title={T.limits}>
        <SettingsPart doors={doors} settings={settings} page={page} />
      </Section>
    </main>
  );
}

/** Draws the popup into `place` until the signal aborts. */
export function mountPopup(place: HTMLElement, doors: PopupDoors, options: PopupOptions): void {
  const { signal } = options;
  // Most popups show no failure: the words are not a part of the first load.
  askForFailures(async () => (await import('../../contracts/failures.ts')).FAILURES);
  dressOwnPage(place.ownerDocument, POPUP_STYLES, signal);
  const state = openPopupState(doors, { signal });
  render(<Popup doors={doors} state={state} options={options} />, place);
  onAbort(signal, () => render(null, place));
}
