import { useSignal } from '@preact/signals';
import type { SessionId } from '../../../contracts/ids.ts';
import { Button } from '../../kit/index.ts';
import { TEXTS } from '../../texts.ts';
import { chooseFiles } from '../private-files.ts';
import { DescribeDialog } from './describe-dialog.tsx';
import { useServices } from './services.ts';

interface SessionActionsProps {
  readonly sessionId: SessionId;
  /** What the language of the run is called. */
  readonly language: string;
  readonly onNote: (text: string) => void;
  /** Null while the session cannot be restarted. */
  readonly onRestart: (() => void) | null;
}

/** What concerns the conversation's variables and files rather than one run. */
export function SessionActions({ sessionId, language, onNote, onRestart }: SessionActionsProps) {
  const services = useServices();
  const isDescribing = useSignal(false);
  const addFiles = async (files: readonly File[]) => {
    if (files.length === 0) return;
    onNote(await services.addFiles(sessionId, files));
  };
  return (
    <>
      <Button action="add-file" onPress={() => chooseFiles((files) => void addFiles(files))}>
        {TEXTS.action.addFile}
      </Button>
      <Button action="describe" onPress={() => (isDescribing.value = true)}>
        {TEXTS.action.describe}
      </Button>
      {onRestart === null ? null : (
        <Button action="restart" onPress={onRestart}>
          {TEXTS.action.restart(language)}
        </Button>
      )}
      {isDescribing.value ? (
        <DescribeDialog sessionId={sessionId} onClose={() => (isDescribing.value = false)} onNote={onNote} />
      ) : null}
    </>
  );
}
