import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { AppErrorCode } from '../../../contracts/errors.ts';
import { memoryLimitOf } from '../../../contracts/memory-limit.ts';
import { Button, wordsOf } from '../../kit/index.ts';
import { TEXTS } from '../../texts.ts';
import type { CallRun } from '../call-run.ts';

const RAISED = ['time', 'memory'] as const;

/** A higher limit for the conversation, unless it is at its bound. */
export function RaiseButton({ code, run }: { readonly code: AppErrorCode; readonly run: CallRun }) {
  const isOffered = useSignal(false);
  const { actions } = wordsOf(code);
  const what = RAISED.find((each) => actions.includes(`raise-${each}`));
  const limit = what === 'time' ? 'runTimeMs' : memoryLimitOf(run.language.value);
  useEffect(() => {
    if (what) void run.mayRaise(limit).then((may) => (isOffered.value = may));
  }, [what]);
  if (!what || !isOffered.value) return null;
  const press = async () => {
    // It would raise twice.
    isOffered.value = false;
    isOffered.value = !(await run.raise(limit));
  };
  return (
    <Button action={`raise-${what}`} onPress={() => void press()}>
      {TEXTS.action.raise(what)}
    </Button>
  );
}
