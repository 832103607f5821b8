import { useSignal } from '@preact/signals';
import type { EngineDoor } from '../../contracts/doors/engine.ts';
import type { HostStatus } from '../../contracts/doors/runs.ts';
import type { AppError } from '../../contracts/errors.ts';
import type { SessionId } from '../../contracts/ids.ts';
import type { SavedState } from '../../contracts/runner.ts';
import { Button, FailurePanel, momentOf } from '../kit/index.ts';
import { POPUP_TEXTS } from '../texts.ts';
import { conversationOf, type ShownPage } from './popup-state.ts';

const T = POPUP_TEXTS.machine;

interface MachinePartProps {
  readonly engine: Pick<EngineDoor, 'saveMachine'>;
  readonly status: HostStatus | 'unavailable' | null;
  readonly page: ShownPage;
}

/** What is known of the conversation's machine; null where it has none. */
function savedOf(status: MachinePartProps['status'], sessionId: SessionId | null): SavedState | null {
  if (status === null || status === 'unavailable' || sessionId === null) return null;
  const ofIt = status.sessions.find((session) => session.sessionId === sessionId && session.saved !== null);
  return ofIt?.saved ?? null;
}

/** The machine of the conversation in the tab in front: when it was saved, and a button that saves it now. */
export function MachinePart({ engine, status, page }: MachinePartProps) {
  const sessionId = conversationOf(page);
  const known = savedOf(status, sessionId);
  return sessionId === null || known === null ? null : <Machine {...{ engine, sessionId, known }} />;
}

interface MachineProps extends Pick<MachinePartProps, 'engine'> {
  readonly sessionId: SessionId;
  readonly known: SavedState;
}

function Machine({ engine, sessionId, known }: MachineProps) {
  const isAsked = useSignal(false);
  const failure = useSignal<AppError | null>(null);
  /** Later than what the status says, until that is read again. */
  const savedAtMs = useSignal(0);
  const isGone = useSignal(false);
  const save = async () => {
    isAsked.value = true;
    const answer = await engine.saveMachine({ sessionId });
    failure.value = answer.ok ? null : answer.error;
    isGone.value = answer.ok && answer.value === null;
    if (answer.ok && answer.value !== null) savedAtMs.value = answer.value.atMs;
    isAsked.value = false;
  };
  const isSaving = isAsked.value || known.isSaving;
  const atMs = Math.max(savedAtMs.value, known.atMs ?? 0);
  return (
    <div data-part="machine" data-saved={isSaving || atMs === 0 ? '' : atMs}>
      <p role="status" data-part="saved">
        {isSaving ? T.saving : isGone.value ? T.gone : atMs === 0 ? T.unsaved : T.saved(momentOf(atMs))}
      </p>
      <Button action="save-machine" hint={T.saveHint} disabled={isSaving} onPress={() => void save()}>
        {T.save}
      </Button>
      {failure.value === null ? null : <FailurePanel code={failure.value.code} detail={failure.value.detail ?? null} />}
    </div>
  );
}
