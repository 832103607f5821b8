import { useSignal } from '@preact/signals';
import type { AppErrorCode } from '../../../contracts/errors.ts';
import { memoryLimitOf } from '../../../contracts/memory-limit.ts';
import { Button, wordsOf } from '../../kit/index.ts';
import { TEXTS } from '../../texts.ts';
import type { CallRun } from '../call-run.ts';
import { type RaisedLimit, useServices } from './services.ts';

interface Raise {
  readonly action: 'raise-time' | 'raise-memory';
  readonly label: string;
  readonly limit: RaisedLimit;
}

function raiseFor(code: AppErrorCode, language: string | null): Raise | null {
  const { actions } = wordsOf(code);
  if (actions.includes('raise-time'))
    return { action: 'raise-time', label: TEXTS.action.raiseTime, limit: 'runTimeMs' };
  if (!actions.includes('raise-memory')) return null;
  return { action: 'raise-memory', label: TEXTS.action.raiseMemory, limit: memoryLimitOf(language) };
}

/** The one action of the table that is not among the card's own buttons: a higher limit, unless it is at its bound. */
export function RaiseButton({ code, run }: { readonly code: AppErrorCode; readonly run: CallRun }) {
  const services = useServices();
  const isRaising = useSignal(false);
  const raise = raiseFor(code, run.language.value);
  if (raise === null || !services.mayRaise(raise.limit)) return null;
  const press = async () => {
    isRaising.value = true;
    const isRaised = await services.raiseLimit(raise.limit);
    isRaising.value = false;
    if (isRaised) await run.start('press');
  };
  return (
    <Button action={raise.action} disabled={isRaising.value} onPress={() => void press()}>
      {raise.label}
    </Button>
  );
}
