import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Button, FailurePanel, formatBytes } from '../kit/index.ts';
import { BackPart, WritingPart, writtenWords, WrittenPart } from './back-part.tsx';
import type { Copied } from './copy-in.ts';
import type { CopyPlan } from './copy-plan.ts';
import type { FolderCopy, Step } from './folder-copy.ts';
import { KnownPart } from './known-part.tsx';
import { droppedFolder, folderOfField, type Picked, pickFolder, type PickWays } from './picked-folder.ts';
import { foundWords, LeftOutPart, PlanPart } from './plan-part.tsx';
import { FOLDER_TEXTS } from './texts.ts';

const T = FOLDER_TEXTS;

type StepOf<K extends Step['kind']> = Extract<Step, { readonly kind: K }>;

/** The whole page: a folder is chosen, looked through, copied on a second press, and what was not copied is named. */
export function FolderPage({ copy, ways }: { readonly copy: FolderCopy; readonly ways: PickWays }) {
  const step = copy.step.value;
  const now = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    // A button that was pressed has gone with its step: whoever uses the keys goes on from the next one.
    if (step.kind !== 'waiting' && document.activeElement === document.body)
      now.current?.focus({ preventScroll: true });
  }, [step.kind]);
  return (
    <main>
      <h1>{T.title}</h1>
      <p class="quiet">{T.hint}</p>
      <p role="status" data-part="status" class={step.kind === 'waiting' ? 'said' : 'unseen'}>
        {statusOf(step)}
      </p>
      {ways.hasPicker || ways.hasField ? <Source copy={copy} ways={ways} /> : <NoWay />}
      <div ref={now} tabIndex={-1} data-part="step">
        <StepPart step={step} copy={copy} />
      </div>
      <KnownPart copy={copy} />
    </main>
  );
}

/** What a reader of the screen is told: nothing that changes many times a second. */
function statusOf(step: Step): string {
  switch (step.kind) {
    case 'waiting':
      return step.said;
    case 'listing':
      return T.listing(0);
    case 'planned':
      return step.isAnew ? T.plannedAnew : foundWords(step.plan);
    case 'copying':
      return T.copying(0, step.plan.files.length);
    case 'ended':
      return endedWords(step);
    case 'back':
      return step.plan.changes.length === 0 ? T.backNone : T.backFiles(step.plan.changes.length);
    case 'writing':
      return T.writing(0, step.plan.changes.length);
    case 'written':
      return writtenWords(step);
    case 'failed':
      return '';
  }
}

function endedWords({ plan, copied, isCancelled }: StepOf<'ended'>): string {
  const { count } = copied;
  if (isCancelled) return T.cancelledAfter(count, plan.files.length, plan.target);
  if (copied.stoppedBy !== null) return T.stoppedAfter(count, plan.files.length);
  const leftOut = leftOutOf(plan, copied).length;
  return `${T.copied(count, formatBytes(copied.bytes), plan.target)}${leftOut === 0 ? '' : ` ${T.leftOut(leftOut)}.`}`;
}

const leftOutOf = (plan: CopyPlan, copied: Copied) => [...plan.leftOut, ...copied.leftOut];

function NoWay() {
  return (
    <div class="drop" data-part="no-way">
      <p>{T.noWay}</p>
      <a href="/popup.html">{T.toPopup}</a>
    </div>
  );
}

/** Where a folder is chosen or dropped. It stays while a folder is copied, so that nothing moves below a hand. */
function Source({ copy, ways }: { readonly copy: FolderCopy; readonly ways: PickWays }) {
  const isOver = useSignal(false);
  const field = useRef<HTMLInputElement>(null);
  const { kind } = copy.step.value;
  const isBusy = copy.isWorking;
  const take = async (picked: Promise<Picked>) => copy.take(await picked);
  const choose = () => {
    // It stays a button meanwhile, so that the keyboard's focus stays there too.
    if (isBusy) return;
    if (ways.hasPicker) void take(pickFolder());
    else field.current?.click();
  };
  return (
    <div
      class={`drop ${isOver.value ? 'over' : ''}`}
      data-part="drop"
      onDragOver={() => (isOver.value = true)}
      onDragLeave={() => (isOver.value = false)}
      onDrop={(event) => {
        isOver.value = false;
        if (!isBusy) void take(droppedFolder(event.dataTransfer));
      }}
    >
      <Button
        action="choose-folder"
        kind={kind === 'waiting' || kind === 'failed' ? 'primary' : 'plain'}
        onPress={choose}
      >
        {kind === 'waiting' ? T.choose : T.chooseOther}
      </Button>
      <p class="quiet">{T.drop}</p>
      {ways.hasPicker ? null : (
        <input
          ref={(input) => {
            field.current = input;
            input?.toggleAttribute('webkitdirectory', true);
          }}
          type="file"
          hidden
          data-part="folder-field"
          aria-label={T.choose}
          onChange={(event) => {
            const chosen = event.currentTarget;
            const picked = folderOfField([...(chosen.files ?? [])]);
            chosen.value = '';
            void copy.take(picked);
          }}
        />
      )}
    </div>
  );
}

function StepPart({ step, copy }: { readonly step: Step; readonly copy: FolderCopy }) {
  switch (step.kind) {
    case 'waiting':
      return null;
    case 'listing':
      return (
        <section data-part="listing">
          <p>{T.listing(step.found)}</p>
          <progress aria-label={T.listing(0)} />
          <Cancel copy={copy} />
        </section>
      );
    case 'planned':
      return <PlanPart step={step} copy={copy} />;
    case 'copying':
      return <CopyingPart step={step} copy={copy} />;
    case 'ended':
      return <EndedPart step={step} />;
    case 'back':
      return <BackPart step={step} copy={copy} />;
    case 'writing':
      return <WritingPart step={step} copy={copy} />;
    case 'written':
      return <WrittenPart step={step} />;
    case 'failed':
      return (
        <div role="alert">
          <FailurePanel code={step.error.code} detail={step.error.detail ?? null}>
            <Button action="look-again" onPress={() => void step.again()}>
              {T.again}
            </Button>
          </FailurePanel>
        </div>
      );
  }
}

function Cancel({ copy }: { readonly copy: FolderCopy }) {
  return (
    <Button action="cancel-folder" onPress={() => copy.cancel()}>
      {T.cancel}
    </Button>
  );
}

function CopyingPart({ step, copy }: { readonly step: StepOf<'copying'>; readonly copy: FolderCopy }) {
  const { plan, progress } = step;
  return (
    <section data-part="copying">
      <p>{T.copying(progress.files, plan.files.length)}</p>
      {/* Files count beside their bytes: thousands of small ones take long too. */}
      <progress
        aria-label={T.copying(0, plan.files.length)}
        value={progress.bytes / 16_384 + progress.files}
        max={plan.bytes / 16_384 + plan.files.length}
      />
      <p class="quiet">
        {T.copiedBytes(formatBytes(progress.bytes), formatBytes(plan.bytes))}. {T.keepOpen}
      </p>
      <Cancel copy={copy} />
    </section>
  );
}

function EndedPart({ step }: { readonly step: StepOf<'ended'> }) {
  const { plan, copied, isCancelled } = step;
  const { stoppedBy } = copied;
  const leftOut = leftOutOf(plan, copied);
  const isWhole = !isCancelled && stoppedBy === null && leftOut.length === 0;
  return (
    <section data-part="ended">
      <p class={isWhole ? 'fine' : 'alert'} data-part="ended-words">
        {endedWords(step)}
      </p>
      {step.isRemembered ? null : (
        <p class="alert" data-part="not-remembered">
          {T.notRemembered}
        </p>
      )}
      {stoppedBy === null ? null : (
        <div role="alert">
          <FailurePanel code={stoppedBy.code} detail={stoppedBy.detail ?? null} />
        </div>
      )}
      <LeftOutPart leftOut={leftOut} />
    </section>
  );
}
