import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { assertNever } from '../../base/index.ts';
import type { TerminalEnd } from '../../contracts/terminal.ts';
import { Button, FailurePanel, wordsOf } from '../kit/index.ts';
import type { MachinesState } from '../machines/index.ts';
import { RestartChoice } from '../restart-choice.tsx';
import { TERMINAL_TEXTS } from './texts.ts';
import type { Pane } from './pane.ts';

const T = TERMINAL_TEXTS;
/** What takes less is not worth a word. */
const SAY_AFTER_MS = 300;

/** What is to be said about a terminal beside its output: that it starts, how it ended, what its machine lacks. */
export function PaneState({ pane, machines }: { readonly pane: Pane; readonly machines: MachinesState }) {
  const phase = pane.phase.value;
  const notice = pane.notice.value;
  const again = (
    <Button action="again" kind="primary" onPress={() => void pane.again()}>
      {T.again}
    </Button>
  );
  switch (phase.kind) {
    case 'starting':
      return <Starting key={`${pane.key} ${phase.what}`} what={phase.what} />;
    case 'running':
      return notice === null ? null : (
        <p class="note" role="note" data-part="notice">
          {notice}
        </p>
      );
    case 'ended':
      return (
        <div class="note" role="status" data-part="ended">
          <span>{endText(phase.end)}</span>
          {again}
        </div>
      );
    case 'failed':
      return (
        <FailurePanel code={phase.error.code} detail={phase.error.detail ?? null}>
          {again}
          {wordsOf(phase.error.code).actions.includes('restart-session') ? (
            <Restart key={phase.error} pane={pane} machines={machines} />
          ) : null}
        </FailurePanel>
      );
    default:
      return assertNever(phase);
  }
}

/** A way on for a machine that was given up, or does not start. */
function Restart({ pane, machines }: { readonly pane: Pane; readonly machines: MachinesState }) {
  const isAsking = useSignal(false);
  const chosen = machines.known.value?.chosen ?? null;
  const machine = machines.known.value?.machines.find(({ spec }) => (spec?.name ?? null) === chosen);
  const ask = async (): Promise<void> => {
    await machines.read();
    if (machines.failure.value === null) isAsking.value = true;
    // Its window says why.
    else machines.isOpen.value = true;
  };
  const restart = async (keepsSaved: boolean): Promise<void> => {
    if (await machines.restart(chosen, keepsSaved)) await pane.again();
    else machines.isOpen.value = true;
  };
  if (!isAsking.value || machine === undefined)
    return (
      <Button action="restart-linux" onPress={() => void ask()}>
        {T.restart}
      </Button>
    );
  return (
    <RestartChoice
      name={chosen ?? T.linux}
      savedAtMs={machine.savedAtMs}
      onRestart={(keepsSaved) => void restart(keepsSaved)}
      onLeave={() => (isAsking.value = false)}
    />
  );
}

function Starting({ what }: { readonly what: 'code' | 'machine' }) {
  const isSlow = useSignal(false);
  useEffect(() => {
    const timer = setTimeout(() => (isSlow.value = true), SAY_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!isSlow.value) return null;
  const words = what === 'machine' ? T.starting : T.gettingReady;
  return (
    <div class="note" role="status" data-part="starting">
      <span>{words}</span>
      <progress aria-label={words} />
    </div>
  );
}

function endText(end: TerminalEnd): string {
  switch (end.kind) {
    case 'exited':
      return T.ended.exited(end.code);
    case 'signalled':
      return T.ended.signalled(end.signal);
    case 'failed':
      return T.ended.failed(end.detail);
    case 'lost':
      return T.ended.lost;
    default:
      return assertNever(end);
  }
}
