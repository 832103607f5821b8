import { type ReadonlySignal, useSignal } from '@preact/signals';
import type { Settings } from '../../contracts/settings.ts';
import { awaitWordsOf } from '../kit/index.ts';
import { COMMON_TEXTS, POPUP_TEXTS } from '../texts.ts';
import { Choice, NumberSetting, Switch } from './fields.tsx';
import { MoreSettings } from './more-settings.tsx';
import type { PopupDoors, ShownPage } from './popup-state.ts';

const T = POPUP_TEXTS;

/** Sets and says nothing where that went well; what went wrong is read out by whoever shows the words. */
export type Save = (patch: Partial<Settings>) => void;

/** How a part sets, and what it has to say of the last time. */
export function useSave(doors: PopupDoors): { readonly save: Save; readonly problem: ReadonlySignal<string> } {
  const problem = useSignal('');
  const save: Save = (patch) => {
    void doors.settings.set(patch).then(
      async (answer) => (problem.value = answer.ok ? '' : (await awaitWordsOf(answer.error.code)).title),
      () => (problem.value = COMMON_TEXTS.notKept),
    );
  };
  return { save, problem };
}

/** Read out when there is something to say. */
export function SaveProblem({ problem }: { readonly problem: ReadonlySignal<string> }) {
  return (
    <p role="alert" class="wrong" data-part="settings-problem">
      {problem.value}
    </p>
  );
}

/** What most people set, and the rest folded below. */
export function SettingsPart({
  doors,
  settings,
  page,
}: {
  readonly doors: PopupDoors;
  readonly settings: Settings;
  readonly page: ShownPage;
}) {
  const { save, problem } = useSave(doors);
  return (
    <>
      <Switch
        name="startCalls"
        label={T.ask}
        hint={T.askHint}
        isOn={settings.startCalls === 'ask'}
        onChange={(isAsk) => save({ startCalls: isAsk ? 'ask' : 'auto' })}
      />
      <Choice
        name="thinkingCalls"
        label={T.thinking}
        value={settings.thinkingCalls}
        options={{ unset: T.thinkingUnset, always: T.thinkingAlways, press: T.thinkingPress }}
        onChange={(thinkingCalls) => save({ thinkingCalls })}
      />
      <NumberSetting name="runTimeMs" label={T.time} unit={T.seconds} scale={1000} settings={settings} save={save} />
      <NumberSetting name="pythonMemoryMB" label={T.memoryLimit} unit={T.megabytes} settings={settings} save={save} />
      <MoreSettings doors={doors} settings={settings} page={page} save={save} />
      <SaveProblem problem={problem} />
    </>
  );
}
