import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { AppError } from '../../../contracts/errors.ts';
import type { FileStat } from '../../../contracts/files.ts';
import type { SessionId } from '../../../contracts/ids.ts';
import { Button, Check, Choice, Dialog, FailurePanel, isTrustedPress } from '../../kit/index.ts';
import { TEXTS } from '../../texts.ts';
import { useServices } from './services.ts';

/** An editable description of a file that stays here; only the text that stands in the field goes to the composer. */
export function DescribeDialog({
  sessionId,
  onClose,
  onNote,
}: {
  readonly sessionId: SessionId;
  readonly onClose: () => void;
  readonly onNote: (text: string) => void;
}) {
  const services = useServices();
  const files = useSignal<readonly FileStat[] | null>(null);
  const path = useSignal('');
  const withValues = useSignal(false);
  const text = useSignal('');
  const error = useSignal<AppError | null>(null);
  const isSending = useSignal(false);
  const isReading = useSignal(false);

  useEffect(() => {
    void services.runs.listFiles({ sessionId }).then((answer) => {
      if (!answer.ok) return void (error.value = answer.error);
      const found = answer.value.filter(({ kind }) => kind === 'file');
      files.value = found;
      path.value = found.toSorted((a, b) => b.modifiedAtMs - a.modifiedAtMs)[0]?.path ?? '';
    });
  }, []);
  useEffect(() => {
    // Another file, or values that are wanted no more: what stood there must not be sent.
    text.value = '';
    error.value = null;
    if (path.value === '') return undefined;
    let isCurrent = true;
    isReading.value = true;
    void services.runs.describeFile({ sessionId, path: path.value, withValues: withValues.value }).then((answer) => {
      if (!isCurrent) return;
      isReading.value = false;
      if (!answer.ok) error.value = answer.error;
      // What a person wrote meanwhile is theirs.
      else if (text.value === '') text.value = answer.value.text;
    });
    return () => {
      isCurrent = false;
    };
  }, [path.value, withValues.value]);

  const insert = async () => {
    // The composer takes nothing below a modal window: it is away meanwhile, and back with the text if that was refused.
    isSending.value = true;
    const answer = await services.compose(text.value);
    isSending.value = false;
    if (!answer.ok) return void (error.value = answer.error);
    onClose();
    onNote(TEXTS.composer.done);
  };
  if (isSending.value) return null;
  const isEmpty = files.value !== null && files.value.length === 0;
  return (
    <Dialog title={TEXTS.describe.title} closeLabel={TEXTS.action.close} onClose={onClose}>
      <div class="stack" data-part="describe">
        <p class="quiet">{isEmpty ? TEXTS.describe.none : TEXTS.describe.explanation}</p>
        {isEmpty ? null : (
          <>
            <Choice
              part="describe-file"
              label={TEXTS.describe.file}
              kind="stack"
              value={path.value}
              options={(files.value ?? []).map((file) => [file.path, file.path])}
              onChange={(chosen) => (path.value = chosen)}
            />
            <Check
              part="describe-values"
              label={TEXTS.describe.withValues}
              isChecked={withValues.value}
              onChange={(isChecked) => (withValues.value = isChecked)}
            />
            <label class="stack">
              {TEXTS.describe.text}
              <textarea
                data-part="describe-text"
                rows={12}
                placeholder={isReading.value ? TEXTS.describe.reading : ''}
                aria-busy={isReading.value}
                value={text.value}
                onInput={(event) => {
                  if (isTrustedPress(event)) text.value = event.currentTarget.value;
                  else event.currentTarget.value = text.value;
                }}
              />
            </label>
          </>
        )}
        {error.value === null ? null : <FailurePanel code={error.value.code} detail={error.value.detail ?? null} />}
        <div class="row end">
          <Button action="cancel" onPress={onClose}>
            {TEXTS.action.cancel}
          </Button>
          <Button action="insert-description" kind="primary" disabled={text.value === ''} onPress={() => void insert()}>
            {TEXTS.describe.insert}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
