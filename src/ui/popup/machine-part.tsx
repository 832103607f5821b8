import { useSignal } from '@preact/signals';
import type { EngineDoor } from '../../contracts/doors/engine.ts';
import type { HostStatus } from '../../contracts/doors/runs.ts';
import type { AppError } from '../../contracts/errors.ts';
import type { SessionId } from '../../contracts/ids.ts';
import type { SavedState } from '../../contracts/runner.ts';
import { Button, FailurePanel, momentOf } from '../kit/index.ts';
import { SAVING_TEXTS as T } from '../machine-texts.ts';
import { conversationOf, type ShownPage } from './popup-state.ts';

interface MachinePartProps {
  readonly engine: Pick<EngineDoor, 'saveMachine'>;
  readonly status: HostStatus | 'unavailable' | null;
  readonly page: ShownPage;
}

/** What the host says of the conversation's machine. */
interface Known extends SavedState {
  /** It is in use, and not even tried to be saved. */
  readonly isBusy: boolean;
}

/** What became of a press. */
interface Pressed {
  /** What was stored before: once the host tells of something else, that is newer. */
  readonly beforeMs: number | null;
  readonly answer: Awaited<ReturnType<EngineDoor['saveMachine']>>;
}

/** Null where the conversation has no machine. */
function knownOf(status: MachinePartProps['status'], sessionId: SessionId | null): Known | null {
  if (status === null || status === 'unavailable' || sessionId === null) return null;
  const ofIt = status.sessions.find((session) => session.sessionId === sessionId && session.saved !== null);
  return ofIt?.saved ? { ...ofIt.saved, isBusy: ofIt.isBusy } : null;
}

/** The machine of the conversation in the tab in front: when it was saved, and a button that saves it now. */
export function MachinePart({ engine, status, page }: MachinePartProps) {
  const sessionId = conversationOf(page);
  const known = knownOf(status, sessionId);
  return sessionId === null || known === null ? null : <Machine {...{ engine, sessionId, known }} />;
}

interface MachineProps extends Pick<MachinePartProps, 'engine'> {
  readonly sessionId: SessionId;
  readonly known: Known;
}

function Machine({ engine, sessionId, known }: MachineProps) {
  const isAsked = useSignal(false);
  const pressed = useSignal<Pressed | null>(null);
  const save = async (endsShells: boolean) => {
    isAsked.value = true;
    pressed.value = null;
    pressed.value = { beforeMs: known.atMs, answer: await engine.saveMachine({ sessionId, endsShells }) };
    isAsked.value = false;
  };
  const isSaving = isAsked.value || known.isSaving;
  const answer = pressed.value?.beforeMs === known.atMs ? pressed.value.answer : null;
  const { says, atMs, why = null, failure = null } = isSaving ? SAVING : saidOf(known, answer);
  const isInUse = !isSaving && isUsed(known, failure);
  return (
    <div class="row" data-part="machine" data-saved={atMs ?? ''}>
      <p role="status" data-part="saved">
        {says}
      </p>
      <Why text={why} />
      <Button action="save-machine" hint={T.saveHint} disabled={isSaving} onPress={() => void save(false)}>
        {T.save}
      </Button>
      {isInUse ? <EndAndSave onPress={() => void save(true)} /> : null}
      {failure === null ? null : <FailurePanel code={failure.code} detail={failure.detail ?? null} />}
    </div>
  );
}

const EndAndSave = ({ onPress }: { readonly onPress: () => void }) => (
  <Button action="end-and-save" hint={T.endAndSaveHint} onPress={onPress}>
    {T.endAndSave}
  </Button>
);

const Why = ({ text }: { readonly text: string | null }) =>
  text === null ? null : (
    <p class="quiet" data-part="unsaved">
      {text}
    </p>
  );

/** What a person reads. */
interface Said {
  readonly says: string;
  readonly atMs: number | null;
  readonly why?: string | null;
  readonly failure?: AppError;
}

const isUsed = ({ isBusy }: Known, failure: AppError | null): boolean => isBusy || failure?.code === 'runner/in-use';

const SAVING: Said = { says: T.saving, atMs: null };

/** While nothing is being saved; `answer` is that of the last press, unless there is newer. */
function saidOf(known: Known, answer: Pressed['answer'] | null): Said {
  if (answer === null) return { ...saved(known.atMs), why: whyUnsaved(known) };
  if (!answer.ok) return { ...saved(known.atMs), failure: answer.error };
  return answer.value === null ? { says: T.gone, atMs: known.atMs } : saved(answer.value.atMs);
}

const saved = (atMs: number | null): Said => ({ says: atMs === null ? T.unsaved : T.saved(momentOf(atMs)), atMs });

function whyUnsaved({ isBusy, unsaved }: Known): string | null {
  if (isBusy) return T.why.busy;
  return unsaved === null ? null : T.why[unsaved];
}
