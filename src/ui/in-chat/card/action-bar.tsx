import { type Signal, useSignal } from '@preact/signals';
import type { SessionId } from '../../../contracts/ids.ts';
import { Button, copyText, Dialog, sentenceOf } from '../../kit/index.ts';
import { nameOf } from '../language-name.ts';
import { RestartChoice } from '../../restart-choice.tsx';
import { COMMON_TEXTS, TEXTS } from '../../texts.ts';
import type { CallRun } from '../call-run.ts';
import { composeResult, type EndedRun, textOfRun } from './compose-result.ts';
import { useServices } from './services.ts';
import { SessionActions } from './session-actions.tsx';

interface ActionBarProps {
  readonly run: CallRun;
  readonly sessionId: SessionId;
  /** Sends the result to where the call came from; null where that is not asked for. */
  readonly unsentResult: Signal<(() => void) | null>;
  readonly onNote: (text: string) => void;
}

function canRepeat(run: CallRun): boolean {
  if (run.isBusy.value || run.held.value !== null) return false;
  if (run.phase.value === 'already') return true;
  const hasEnded = run.view.value?.outcome.value != null || run.failure.value !== null;
  return run.phase.value === 'started' && hasEnded;
}

function ComposeButton({ ended, onNote }: { readonly ended: EndedRun; readonly onNote: (text: string) => void }) {
  const services = useServices();
  const isComposing = useSignal(false);
  const compose = async () => {
    isComposing.value = true;
    try {
      const answer = await composeResult(services, ended);
      onNote(answer.ok ? answer.value : await sentenceOf(answer.error));
    } finally {
      isComposing.value = false;
    }
  };
  return (
    <Button action="compose" kind="primary" disabled={isComposing.value} onPress={() => void compose()}>
      {TEXTS.action.compose}
    </Button>
  );
}

function StartButtons({ run }: { readonly run: CallRun }) {
  return (
    <>
      {run.phase.value === 'offered' && !run.isBusy.value && run.held.value === null ? (
        <Button action="run" kind="primary" onPress={() => void run.start('press')}>
          {TEXTS.action.run}
        </Button>
      ) : null}
      {run.isBusy.value ? (
        <Button action="stop" kind="danger" mayMove onPress={() => void run.stop()}>
          {TEXTS.action.stop}
        </Button>
      ) : null}
    </>
  );
}

interface RestartDialogProps {
  readonly name: string;
  /** Null while nobody is asked. */
  readonly savedAtMs: number | null;
  readonly onRestart: (keepsSaved: boolean) => void;
  readonly onLeave: () => void;
}

function RestartDialog({ name, savedAtMs, onRestart, onLeave }: RestartDialogProps) {
  if (savedAtMs === null) return null;
  return (
    <Dialog title={TEXTS.action.restart(name)} closeLabel={TEXTS.action.close} onClose={onLeave}>
      <RestartChoice name={name} savedAtMs={savedAtMs} onRestart={onRestart} onLeave={onLeave} />
    </Dialog>
  );
}

export function ActionBar({ run, sessionId, unsentResult, onNote }: ActionBarProps) {
  const view = run.view.value;
  const outcome = view?.outcome.value ?? null;
  const sendResult = unsentResult.value;
  const ended: EndedRun | null =
    view !== null && outcome !== null ? { view, outcome, sessionId, language: run.language.value } : null;
  const copy = async (shown: EndedRun) => {
    onNote((await copyText(await textOfRun(shown))) ? COMMON_TEXTS.copied : COMMON_TEXTS.notCopied);
  };
  /** When that was saved from which the machine may go on, while the person is asked. */
  const restartable = useSignal<number | null>(null);
  const restart = async (keepsSaved = false) => {
    restartable.value = null;
    if (await run.restart(keepsSaved)) onNote(keepsSaved ? TEXTS.card.asSaved : TEXTS.card.variablesGone);
  };
  const askOrRestart = async () => {
    const savedAtMs = await run.savedAtMs();
    if (savedAtMs === null) await restart();
    else if (savedAtMs !== false) restartable.value = savedAtMs;
  };
  return (
    <div class="actions">
      <StartButtons run={run} />
      {ended === null ? null : <ComposeButton ended={ended} onNote={onNote} />}
      {run.isBusy.value || sendResult === null ? null : (
        <Button action="send-result" onPress={sendResult}>
          {TEXTS.action.sendResult}
        </Button>
      )}
      {canRepeat(run) ? (
        <Button action="again" onPress={() => void run.start('press')}>
          {TEXTS.action.again}
        </Button>
      ) : null}
      {ended === null ? null : (
        <Button action="copy" onPress={() => void copy(ended)}>
          {TEXTS.action.copy}
        </Button>
      )}
      <span class="gap" />
      <SessionActions
        sessionId={sessionId}
        hasTerminals={view !== null && run.language.value === 'shell'}
        language={nameOf(run.language.value)}
        onNote={onNote}
        onRestart={ended === null ? null : () => void askOrRestart()}
      />
      <RestartDialog
        name={nameOf(run.language.value)}
        savedAtMs={restartable.value}
        onRestart={(keepsSaved) => void restart(keepsSaved)}
        onLeave={() => (restartable.value = null)}
      />
    </div>
  );
}
