import type { AppErrorCode } from '../../../contracts/errors.ts';
import { wordsOf } from '../../kit/index.ts';
import type { CallRun } from '../call-run.ts';
import { LeaveButton } from './leave-button.tsx';
import { RaiseButton } from './raise-button.tsx';

interface FailureActionsProps {
  readonly code: AppErrorCode;
  readonly run: CallRun;
  readonly onNote: (text: string) => void;
}

/** The actions of the table that are not among the card's own buttons. */
export function FailureActions({ code, run, onNote }: FailureActionsProps) {
  return (
    <div class="actions">
      <RaiseButton code={code} run={run} />
      {wordsOf(code).actions.includes('leave-to-chatgpt') ? <LeaveButton run={run} onNote={onNote} /> : null}
    </div>
  );
}
