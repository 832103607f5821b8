import { useSignal } from '@preact/signals';
import { LANGUAGE_NAMES } from '../../../contracts/languages.ts';
import type { SessionId } from '../../../contracts/ids.ts';
import type { Language } from '../../../contracts/run.ts';
import type { Selection } from '../../../contracts/selection.ts';
import { Button } from '../../kit/index.ts';
import { TEXTS } from '../../texts.ts';
import type { CallRun } from '../call-run.ts';
import { useServices } from './services.ts';

interface WarningPartProps {
  readonly run: CallRun;
  readonly held: Selection;
  readonly sessionId: SessionId;
  readonly onNote: (text: string) => void;
}

/** Languages with an engine here, for code that no one recognised. */
const RUNNABLE: readonly Language[] = ['python', 'javascript', 'typescript', 'lua', 'wasm'];

/** What a person should know before the code runs, and what can be done instead. Nothing of it opens the box. */
export function WarningPart({ run, held, sessionId, onNote }: WarningPartProps) {
  const services = useServices();
  const isAlways = useSignal(false);
  const { decision, language } = held;
  const can = (kind: string) => decision.ways.some((way) => way.kind === kind);
  const runHere = async () => {
    if (isAlways.value && run.language.value !== null) {
      const choice = { language: run.language.value, place: 'onDevice' } as const;
      const answer = await services.runs.choose({ sessionId, place: choice });
      if (!answer.ok) onNote(answer.error.detail ?? answer.error.code);
    }
    await run.start('press', true);
  };
  const leave = async () => {
    const answer = await services.compose(`${TEXTS.code.leaveText}\n\n\`\`\`${language}\n${run.code.value}\n\`\`\`\n`);
    onNote(answer.ok ? TEXTS.composer.done : (answer.error.detail ?? answer.error.code));
    if (answer.ok) run.held.value = null;
  };
  // What is changed is read anew before it runs.
  const edit = () => {
    run.isEditing.value = true;
    run.held.value = null;
  };
  const choose = (event: { readonly currentTarget: HTMLSelectElement }) => {
    const { value } = event.currentTarget;
    if (value === '') return;
    run.language.value = value as Language;
    void run.start('press');
  };
  return (
    <div class="warning" data-part="warning" data-kind={decision.warnings[0]?.kind ?? 'remoteRequired'} role="alert">
      {decision.warnings.length === 0 ? <strong>{decision.reasons[0]}</strong> : null}
      {decision.warnings.map(({ kind, title, reasons }) => (
        <div key={kind + title}>
          <strong>{title}</strong>
          <ul>
            {reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </div>
      ))}
      {decision.canRunHere ? (
        <label class="choice">
          <input
            type="checkbox"
            data-part="always"
            onChange={(event) => (isAlways.value = event.currentTarget.checked)}
          />
          {TEXTS.code.always}
        </label>
      ) : null}
      <div class="actions">
        {decision.canRunHere ? (
          <Button action="run-here" onPress={() => void runHere()}>
            {TEXTS.code.runHere}
          </Button>
        ) : null}
        {can('leaveToChatGPT') || can('runRemotely') ? (
          <Button action="leave" kind="primary" onPress={() => void leave()}>
            {TEXTS.code.leave}
          </Button>
        ) : null}
        {can('chooseLanguage') ? (
          <label class="choice">
            {TEXTS.code.choose}
            <select data-part="language" onChange={choose}>
              <option value="">{TEXTS.code.chooseFirst}</option>
              {RUNNABLE.map((id) => (
                <option key={id} value={id}>
                  {LANGUAGE_NAMES[id]}
                </option>
              ))}
            </select>
          </label>
        ) : null}
        <Button action="edit-held" onPress={edit}>
          {TEXTS.action.edit}
        </Button>
        <Button action="cancel-held" onPress={() => (run.held.value = null)}>
          {TEXTS.action.cancel}
        </Button>
      </div>
    </div>
  );
}
