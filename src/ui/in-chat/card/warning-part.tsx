import { useSignal } from '@preact/signals';
import { LANGUAGE_NAMES } from '../../../contracts/languages.ts';
import type { SessionId } from '../../../contracts/ids.ts';
import type { Selection, SelectionWarning, WayOn } from '../../../contracts/selection.ts';
import { type Language, LANGUAGES } from '../../../contracts/run.ts';
import { Button, Check, Choice, sentenceOf, useLeftFocus } from '../../kit/index.ts';
import { TEXTS } from '../../texts.ts';
import type { CallRun } from '../call-run.ts';
import { nameOf } from '../language-name.ts';
import { LeaveButton } from './leave-button.tsx';
import { useServices } from './services.ts';

export interface HeldProps {
  readonly run: CallRun;
  readonly held: Selection;
  readonly sessionId: SessionId;
  readonly onNote: (text: string) => void;
}

/** For code that no one recognised. */
const LANGUAGE_CHOICES = [
  ['', TEXTS.code.chooseFirst] as const,
  ...LANGUAGES.map((id) => [id, LANGUAGE_NAMES[id]] as const),
];

/** What these ways on say is done elsewhere: in the code, in the popup. The other ways are buttons. */
const isAdvice = ({ kind }: WayOn): boolean => kind === 'useInstead' || kind === 'allowNetwork';

function Sentences({ texts }: { readonly texts: readonly string[] }) {
  return (
    <ul>
      {texts.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
}

export const Warnings = ({ of: warnings }: { readonly of: readonly SelectionWarning[] }) =>
  warnings.map(({ kind, title, reasons }) => (
    <div key={kind + title}>
      <span aria-hidden="true">{'\u26A0\uFE0E '}</span>
      <strong>{title}</strong>
      <Sentences texts={reasons} />
    </div>
  ));

/** What a person should know before the code runs, and what can be done instead. Nothing of it opens the box. */
export function WarningPart({ run, held, sessionId, onNote }: HeldProps) {
  const services = useServices();
  const isAlways = useSignal(false);
  const part = useLeftFocus();
  const { decision } = held;
  const can = (kind: WayOn['kind']) => decision.ways.some((way) => way.kind === kind);
  const advice = decision.ways.filter(isAdvice);
  const runHere = async () => {
    if (isAlways.value && run.language.value !== null) {
      const choice = { language: run.language.value, place: 'onDevice' } as const;
      const answer = await services.runs.choose({ sessionId, place: choice });
      if (!answer.ok) onNote(await sentenceOf(answer.error));
    }
    await run.start('press', true);
  };
  // What is changed is read anew before it runs.
  const edit = () => {
    run.isEditing.value = true;
    run.held.value = null;
  };
  const choose = (id: string) => {
    if (id === '') return;
    run.language.value = id as Language;
    void run.start('press');
  };
  return (
    <div
      ref={part}
      class="warning"
      data-part="warning"
      data-kind={decision.warnings[0]?.kind ?? 'remoteRequired'}
      role="alert"
    >
      {decision.warnings.length === 0 ? <strong>{decision.reasons[0]}</strong> : null}
      <Warnings of={decision.warnings} />
      {advice.length === 0 ? null : (
        <div data-part="advice">
          <strong>{TEXTS.code.advice}</strong>
          <Sentences texts={advice.map(({ text }) => text)} />
        </div>
      )}
      {decision.canRunHere ? (
        <Check
          part="always"
          label={TEXTS.code.always(nameOf(run.language.value))}
          isChecked={isAlways.value}
          onChange={(isChecked) => (isAlways.value = isChecked)}
        />
      ) : null}
      <div class="actions">
        {decision.canRunHere ? (
          <Button action="run-here" onPress={() => void runHere()}>
            {TEXTS.code.runHere}
          </Button>
        ) : null}
        {can('leaveToChatGPT') || can('runRemotely') ? <LeaveButton run={run} kind="primary" onNote={onNote} /> : null}
        {can('chooseLanguage') ? (
          <Choice
            part="language"
            label={TEXTS.code.choose}
            kind="check"
            value=""
            options={LANGUAGE_CHOICES}
            onChange={choose}
          />
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
