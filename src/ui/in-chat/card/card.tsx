import { useLayoutEffect } from 'preact/hooks';
import { FailurePanel } from '../../kit/index.ts';
import { nameOf } from '../language-name.ts';
import { TEXTS } from '../../texts.ts';
import type { CardEntry } from '../calls.ts';
import type { RunView } from '../run-view.ts';
import { ActionBar } from './action-bar.tsx';
import { CodeFold } from './code-fold.tsx';
import { ConsentPart } from './consent-part.tsx';
import { DisplayList } from './display-list.tsx';
import { FailureActions } from './failure-actions.tsx';
import { FileList } from './file-list.tsx';
import { InputField } from './input-field.tsx';
import { OutcomePart } from './outcome-part.tsx';
import { OutputBox } from './output-box.tsx';
import { SeenPart } from './seen-part.tsx';
import { StatusLine } from './status-line.tsx';
import { type HeldProps, WarningPart } from './warning-part.tsx';

interface CardProps {
  readonly entry: CardEntry;
  /** The element on the page; figures of time are written on it for tests and benches. */
  readonly host: HTMLElement;
}

/** Times of the last run, readable from outside. Milliseconds since the call was seen whole. */
function useTimes({ entry, host }: CardProps): void {
  const { firstOutputMs, firstFigureMs, endedMs } = entry.run.times;
  const rows = {
    'data-first-output-ms': firstOutputMs.value,
    'data-figure-ms': firstFigureMs.value,
    'data-ended-ms': endedMs.value,
  };
  useLayoutEffect(() => {
    for (const [name, value] of Object.entries(rows)) {
      if (value === null) host.removeAttribute(name);
      else host.setAttribute(name, String(value));
    }
  }, Object.values(rows));
}

function RunPart({
  entry,
  view,
  onNote,
}: {
  readonly entry: CardEntry;
  readonly view: RunView;
  readonly onNote: (text: string) => void;
}) {
  const { run } = entry;
  const files = view.artifacts.value.filter(({ kind }) => kind === 'file');
  const onFigure = () => {
    run.times.firstFigureMs.value ??= Math.round((performance.now() - run.times.seenAt) * 10) / 10;
  };
  return (
    <>
      <OutputBox view={view} />
      <DisplayList
        displays={view.displays.value}
        sessionId={entry.sessionId()}
        language={run.language.value}
        onFigure={onFigure}
        onNote={onNote}
      />
      <InputField run={run} view={view} />
      <OutcomePart view={view} run={run} sessionId={entry.sessionId()} onNote={onNote} />
      <FileList files={files} sessionId={entry.sessionId()} onNote={onNote} />
    </>
  );
}

/** What should be decided before it runs: commands to agree to, or what is known of the code. */
const HeldPart = (props: HeldProps) =>
  props.held.asked.length > 0 ? <ConsentPart {...props} /> : <WarningPart {...props} />;

/** One call: its state in words, what it printed and made, and what can be done with it. */
export function Card({ entry, host }: CardProps) {
  const { run, note } = entry;
  const view = run.view.value;
  const failure = run.failure.value;
  const onNote = (text: string) => (note.value = text);
  useTimes({ entry, host });
  return (
    <article class="card" aria-label={TEXTS.card.label(nameOf(run.held.value?.language ?? run.language.value))}>
      <header class="head">
        <span class="title">{TEXTS.card.title(nameOf(run.held.value?.language ?? run.language.value))}</span>
        <StatusLine run={run} />
      </header>
      <CodeFold run={run} />
      <SeenPart run={run} onNote={onNote} />
      {run.held.value === null ? null : (
        <HeldPart run={run} held={run.held.value} sessionId={entry.sessionId()} onNote={onNote} />
      )}
      {view === null || run.held.value !== null
        ? null
        : run.shortfalls.value.map((line) => (
            <p key={line} class="note" data-part="shortfall">
              {line}
            </p>
          ))}
      {view === null ? null : <RunPart key={view} entry={entry} view={view} onNote={onNote} />}
      {failure === null ? null : (
        <FailurePanel code={failure.code} detail={failure.detail ?? null}>
          <FailureActions code={failure.code} run={run} onNote={onNote} />
        </FailurePanel>
      )}
      <ActionBar run={run} sessionId={entry.sessionId()} unsentResult={entry.unsentResult} onNote={onNote} />
      <p class="note said" role="status" aria-live="polite" data-part="note">
        {note.value}
      </p>
      <div class="drop-hint" data-part="drop-hint" aria-hidden="true">
        {TEXTS.card.dropHere}
      </div>
    </article>
  );
}
