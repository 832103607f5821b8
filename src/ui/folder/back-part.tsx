import { Button, FailurePanel, formatBytes } from '../kit/index.ts';
import type { FolderCopy, Step } from './folder-copy.ts';
import { PathsPart } from './plan-part.tsx';
import { FOLDER_TEXTS } from './texts.ts';

const T = FOLDER_TEXTS;

type StepOf<K extends Step['kind']> = Extract<Step, { readonly kind: K }>;

export function writtenWords({ plan, written, isCancelled }: StepOf<'written'>): string {
  if (written.stoppedBy !== null) return T.writtenStopped(written.count, plan.changes.length);
  return (isCancelled ? T.writtenCancelled : T.written)(written.count, plan.changes.length);
}

/** Which files a press would write to the device, all of them by name. */
export function BackPart({ step, copy }: { readonly step: StepOf<'back'>; readonly copy: FolderCopy }) {
  const { folder, changes, kept } = step.plan;
  const { length } = changes;
  return (
    <section data-part="back" aria-label={T.backTitle(folder.target)}>
      <h2>{T.backTitle(folder.target)}</h2>
      <p class={length === 0 ? '' : 'alert'}>{length === 0 ? T.backNone : T.backHint}</p>
      <PathsPart
        part="back-files"
        title={T.backFiles(length)}
        rows={changes.map(({ path, device, here }) => T.backRow(path, device === null, formatBytes(here.sizeBytes)))}
      />
      <PathsPart part="back-kept" title={T.backKept(kept.length)} rows={kept} />
      {length === 0 ? null : (
        <Button action="write-files" kind="primary" onPress={() => void copy.writeBack()}>
          {T.backWrite(length)}
        </Button>
      )}
    </section>
  );
}

export function WritingPart({ step, copy }: { readonly step: StepOf<'writing'>; readonly copy: FolderCopy }) {
  const { plan, done } = step;
  const { length } = plan.changes;
  return (
    <section data-part="writing">
      <p>{T.writing(done, length)}</p>
      <progress aria-label={T.writing(0, length)} value={done} max={length} />
      <Button action="cancel-folder" onPress={() => copy.cancel()}>
        {T.cancel}
      </Button>
    </section>
  );
}

export function WrittenPart({ step }: { readonly step: StepOf<'written'> }) {
  const { notWritten, stoppedBy } = step.written;
  return (
    <section data-part="written">
      <p
        class={step.isCancelled || stoppedBy !== null || notWritten.length > 0 ? 'alert' : 'fine'}
        data-part="written-words"
      >
        {writtenWords(step)}
      </p>
      {stoppedBy === null ? null : (
        <div role="alert">
          <FailurePanel code={stoppedBy.code} detail={stoppedBy.detail ?? null} />
        </div>
      )}
      {step.isRemembered ? null : (
        <p class="alert" data-part="not-remembered">
          {T.backNotRemembered}
        </p>
      )}
      <PathsPart part="not-written" title={T.notWritten(notWritten.length)} rows={notWritten.map(T.notWrittenRow)} />
    </section>
  );
}
