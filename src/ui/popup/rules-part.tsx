import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { EngineDoor } from '../../contracts/doors/engine.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { awaitWordsOf, Button } from '../kit/index.ts';
import { POPUP_TEXTS } from '../texts.ts';

const T = POPUP_TEXTS.more.rules;

/** A rule that warns, since `critical` counts 75 points, and the bound from which code is held back. */
const EXAMPLE = `{
  "highFrom": 70,
  "ownRules": [
    {
      "id": "no-deletes",
      "languages": ["python"],
      "match": { "kind": "call", "names": ["os.remove", "shutil.rmtree"] },
      "severity": "critical",
      "title": "Deletes files",
      "why": "I want to be asked first.",
      "suggestion": "Move it to a folder instead."
    }
  ]
}`;

/** The person's own rules and bounds for reading code. The host checks them; bad ones are not kept, and stay in the field. */
export function RulesPart({ engine }: { readonly engine: Pick<EngineDoor, 'analysisOptions' | 'setAnalysisOptions'> }) {
  /** Null until what is kept was read: nothing may be written over it unseen. */
  const text = useSignal<string | null>(null);
  const note = useSignal('');
  const wrong = useSignal('');
  const read = async () => {
    const answer = await engine.analysisOptions({});
    if (answer.ok) text.value ??= answer.value.json;
    wrong.value = answer.ok ? '' : (await awaitWordsOf(answer.error.code)).title;
  };
  useEffect(() => void read(), []);
  const change = (now: string) => {
    text.value = now;
    note.value = '';
    wrong.value = '';
  };
  const save = async () => {
    const json = text.value ?? '';
    const answer = await engine.setAnalysisOptions({ json });
    note.value = answer.ok ? (json.trim() === '' ? T.standard : T.saved) : '';
    if (answer.ok) wrong.value = '';
    else if (answer.error.code === 'settings/bad-value') wrong.value = T.bad(answer.error.detail ?? '');
    else wrong.value = T.notSaved((await awaitWordsOf(answer.error.code)).title);
  };
  return (
    <div class="rules" data-part="rules">
      <p class="quiet" id="rules-hint">
        {T.hint}
      </p>
      <textarea
        data-part="rules-field"
        aria-label={T.label}
        aria-describedby="rules-hint rules-wrong"
        aria-invalid={wrong.value !== ''}
        rows={8}
        spellcheck={false}
        autocomplete="off"
        maxLength={LIMITS.analysisOptionsUtf16.standard}
        disabled={text.value === null}
        value={text.value ?? ''}
        onInput={(event) => change(event.currentTarget.value)}
      />
      <p role="alert" class="wrong" id="rules-wrong" data-part="rules-wrong">
        {wrong.value}
      </p>
      <div class="row">
        <Button action="save-rules" disabled={text.value === null} onPress={() => void save()}>
          {T.save}
        </Button>
        {text.value === '' ? (
          <Button action="rules-example" onPress={() => change(EXAMPLE)}>
            {T.example}
          </Button>
        ) : null}
        {text.value === null && wrong.value !== '' ? (
          <Button action="read-rules" onPress={() => void read()}>
            {T.readAgain}
          </Button>
        ) : null}
      </div>
      <p role="status" class="quiet" data-part="rules-note">
        {note.value}
      </p>
    </div>
  );
}
