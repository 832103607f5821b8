import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { SessionId } from '../../../contracts/ids.ts';
import { Button } from '../../kit/index.ts';
import { TEXTS } from '../../texts.ts';
import { addedWords } from '../private-files.ts';
import { DescribeDialog } from './describe-dialog.tsx';
import { useServices } from './services.ts';

interface SessionActionsProps {
  readonly sessionId: SessionId;
  readonly onNote: (text: string) => void;
  /** Null while the session cannot be restarted. */
  readonly onRestart: (() => void) | null;
}

/** What concerns the conversation's variables and files rather than one run. */
export function SessionActions({ sessionId, onNote, onRestart }: SessionActionsProps) {
  const services = useServices();
  const picker = useRef<HTMLInputElement>(null);
  const isDescribing = useSignal(false);
  const addFiles = async (files: readonly File[]) => {
    if (files.length === 0) return;
    onNote(addedWords(await services.addFiles(sessionId, files)));
  };
  return (
    <>
      <Button action="add-file" onPress={() => picker.current?.click()}>
        {TEXTS.action.addFile}
      </Button>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        data-part="file-field"
        aria-label={TEXTS.action.addFile}
        // The page must not learn of the choice; events of a shadow tree would reach its listeners.
        onClick={(event) => event.stopPropagation()}
        onInput={(event) => event.stopPropagation()}
        onChange={(event) => {
          event.stopPropagation();
          const field = event.currentTarget;
          void addFiles([...(field.files ?? [])]);
          field.value = '';
        }}
      />
      <Button action="describe" onPress={() => (isDescribing.value = true)}>
        {TEXTS.action.describe}
      </Button>
      {onRestart === null ? null : (
        <Button action="restart" onPress={onRestart}>
          {TEXTS.action.restart}
        </Button>
      )}
      {isDescribing.value ? (
        <DescribeDialog sessionId={sessionId} onClose={() => (isDescribing.value = false)} onNote={onNote} />
      ) : null}
    </>
  );
}
