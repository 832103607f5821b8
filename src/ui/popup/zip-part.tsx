import { type Signal, useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { AppError } from '../../contracts/errors.ts';
import type { SessionId } from '../../contracts/ids.ts';
import { Button, FailurePanel, FileField, formatBytes, saveBytes } from '../kit/index.ts';
import { POPUP_TEXTS } from '../texts.ts';
import type { KnownFiles } from './popup-state.ts';
import { addZip, takeZip, type ZipDoors, type ZipOptions, type ZipProgress } from './zip-transfer.ts';

const T = POPUP_TEXTS.zip;

/** What is over sooner is not worth a bar that comes and goes. */
const SHOWN_AFTER_MS = 300;

interface ZipPartProps {
  readonly doors: ZipDoors;
  readonly sessionId: SessionId;
  readonly known: Signal<KnownFiles | null>;
}

/** All files of one conversation as a zip, and the files of a zip into it. One at a time. */
export function ZipPart({ doors, sessionId, known }: ZipPartProps) {
  const progress = useSignal<ZipProgress | null>(null);
  const isSlow = useSignal(false);
  const note = useSignal('');
  const failed = useSignal<{ readonly error: AppError; readonly what: 'take' | 'add' } | null>(null);
  /** Cancels what is at work; null where nothing is. */
  const working = useRef<{ readonly what: 'take' | 'add'; readonly ending: AbortController }>(null);
  const isCancelled = useSignal(false);
  const part = useRef<HTMLDivElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const count = known.value?.sessionId === sessionId ? known.value : null;

  const inTurn = async (what: 'take' | 'add', act: (options: ZipOptions) => Promise<AppError | null>) => {
    // The buttons stay as they are, so that the keyboard's focus does: a second press meanwhile does nothing.
    if (working.current !== null) return;
    const ending = new AbortController();
    working.current = { what, ending };
    failed.value = null;
    note.value = '';
    isCancelled.value = false;
    const timer = setTimeout(() => (isSlow.value = true), SHOWN_AFTER_MS);
    const error = await act({ onProgress, signal: ending.signal });
    clearTimeout(timer);
    keepFocus();
    working.current = null;
    isSlow.value = false;
    progress.value = null;
    if (error !== null) failed.value = { error, what };
  };
  const onProgress = (now: ZipProgress) => {
    if (now.phase === 'unpacking') keepFocus();
    progress.value = now;
  };
  const button = (action: string) => part.current?.querySelector<HTMLElement>(`[data-action="${action}"]`);
  /** Before Cancel goes: where it has the keyboard's focus, that goes on from where this began. */
  const keepFocus = () => {
    if (button('cancel-zip')?.matches(':focus') === true) button(`${working.current?.what ?? 'take'}-zip`)?.focus();
  };
  const recount = async (): Promise<KnownFiles | AppError> => {
    const counted = await doors.engine.countFiles({ sessionId });
    if (!counted.ok) return counted.error;
    return (known.value = { sessionId, ...counted.value });
  };
  const cancel = () => {
    // Too late: it is unpacked whole or not at all.
    if (progress.value?.phase === 'unpacking') return;
    keepFocus();
    isCancelled.value = true;
    working.current?.ending.abort();
  };
  const take = () =>
    inTurn('take', async (options) => {
      const now = await recount();
      if ('code' in now) return now;
      if (now.count === 0) return null;
      const taken = await takeZip(doors, sessionId, options);
      if (!taken.ok) return taken.error;
      if (taken.value === null) {
        note.value = T.cancelled;
        return null;
      }
      saveBytes(T.fileName, 'application/zip', taken.value);
      note.value = T.taken(formatBytes(taken.value.size));
      return null;
    });
  const add = (file: File) =>
    inTurn('add', async (options) => {
      const added = await addZip(doors, { sessionId, file }, options);
      if (!added.ok) return added.error;
      if (added.value === null) {
        note.value = T.cancelled;
        return null;
      }
      note.value = T.added(added.value.files, formatBytes(added.value.bytes));
      await recount();
      return null;
    });
  const choose = () => picker.current?.click();
  const failure = failed.value;
  return (
    <div ref={part} class="zip" data-part="zip" role="group" aria-label={T.title}>
      <p class="quiet" data-part="file-count">
        {count === null ? T.title : count.count === 0 ? T.none : T.some(count.count, formatBytes(count.bytes))}
      </p>
      <div class="row">
        <Button action="take-zip" disabled={count?.count === 0} onPress={() => void take()}>
          {T.take}
        </Button>
        <Button action="add-zip" hint={T.addHint} onPress={choose}>
          {T.add}
        </Button>
      </div>
      <FileField
        field={picker}
        part="zip-field"
        label={T.add}
        accept=".zip,application/zip"
        onFiles={([file]) => add(file)}
      />
      <Progress now={isSlow.value ? progress.value : null} isCancelled={isCancelled.value} onCancel={cancel} />
      <p role="status" data-part="zip-note">
        {note.value}
      </p>
      {failure === null ? null : (
        <div role="alert">
          <FailurePanel code={failure.error.code} detail={failure.error.detail ?? null}>
            <Button
              action={failure.what === 'take' ? 'take-again' : 'add-other'}
              onPress={failure.what === 'take' ? () => void take() : choose}
            >
              {failure.what === 'take' ? T.again : T.addOther}
            </Button>
          </FailurePanel>
        </div>
      )}
    </div>
  );
}

function Progress({
  now,
  isCancelled,
  onCancel,
}: {
  readonly now: ZipProgress | null;
  readonly isCancelled: boolean;
  readonly onCancel: () => void;
}) {
  if (now === null) return null;
  const name = isCancelled ? T.cancelling : T.phases[now.phase];
  return (
    <div class="progress" data-part="zip-progress">
      <span role="status">{name}</span>
      {/* Without a value the browser shows that something goes on, and says so to those who do not see it. */}
      <progress aria-label={name} {...(now.share === null ? {} : { value: now.share })} />
      {isCancelled || now.phase === 'unpacking' ? null : (
        <Button action="cancel-zip" onPress={onCancel}>
          {T.cancel}
        </Button>
      )}
    </div>
  );
}
