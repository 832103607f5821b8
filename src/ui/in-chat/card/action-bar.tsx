import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { AppErrorCode } from '../../../contracts/errors.ts';
import { FAILURES } from '../../../contracts/failures.ts';
import type { SessionId } from '../../../contracts/ids.ts';
import type { Outcome } from '../../../contracts/outcome.ts';
import { Button, copyText } from '../../kit/index.ts';
import { TEXTS } from '../../texts.ts';
import type { CallRun } from '../call-run.ts';
import { resultText } from '../result-text.ts';
import type { RunView } from '../run-view.ts';
import { pictureOf, readArtifact } from './artifact-bytes.ts';
import { DescribeDialog } from './describe-dialog.tsx';
import { textOf } from './display-list.tsx';
import { useServices } from './services.ts';

/** Files that one press hands to the page together with the text. */
const MOST_ATTACHED = 10;
const MOST_ATTACHED_BYTES = 20 * 1024 * 1024;

interface ActionBarProps {
  readonly run: CallRun;
  readonly sessionId: SessionId;
  readonly onNote: (text: string) => void;
}

function textOfRun(view: RunView, outcome: Outcome): string {
  return resultText({
    stdout: view.log.text('stdout'),
    stderr: view.log.text('stderr'),
    outcome,
    artifacts: view.artifacts.value,
    displays: view.displays.value
      .map(textOf)
      .filter((text) => text !== '' && !(outcome.kind === 'completed' && outcome.result === text)),
  });
}

export function ActionBar({ run, sessionId, onNote }: ActionBarProps) {
  const services = useServices();
  const picker = useRef<HTMLInputElement>(null);
  const isDescribing = useSignal(false);
  const isComposing = useSignal(false);
  const view = run.view.value;
  const outcome = view?.outcome.value ?? null;
  const phase = run.phase.value;
  const isBusy = run.isBusy.value;
  const canRun = phase === 'offered' && !isBusy;
  const canRepeat =
    !isBusy && (phase === 'already' || (phase === 'started' && (outcome !== null || run.failure.value !== null)));
  const say = (code: AppErrorCode, detail?: string) => onNote(detail ?? FAILURES[code].title);

  const gather = async (shown: RunView): Promise<readonly File[]> => {
    if (services.hasPrivateFiles(sessionId)) return [];
    const files: File[] = [];
    let room = MOST_ATTACHED_BYTES;
    const take = (name: string, mime: string, bytes: Uint8Array<ArrayBuffer>) => {
      if (files.length >= MOST_ATTACHED || bytes.length > room) return;
      room -= bytes.length;
      files.push(new File([bytes], name, { type: mime }));
    };
    shown.displays.value.forEach((display, at) => {
      const picture = pictureOf(display, at + 1);
      if (picture !== null) take(picture.name, picture.mime, picture.bytes);
    });
    for (const artifact of shown.artifacts.value) {
      if (artifact.kind !== 'file' || artifact.bytes > room || files.length >= MOST_ATTACHED) continue;
      const answer = await readArtifact(services.runs, sessionId, artifact);
      if (answer.ok) take(artifact.name, artifact.mime, answer.value);
    }
    return files;
  };
  const compose = async (shown: RunView, ended: Outcome) => {
    isComposing.value = true;
    try {
      const answer = await services.compose(textOfRun(shown, ended));
      if (!answer.ok) return say(answer.error.code, answer.error.detail);
      const files = await gather(shown);
      if (files.length === 0) return onNote(TEXTS.composer.done);
      onNote((await services.attach(files)) ? TEXTS.composer.attached(files.length) : TEXTS.composer.done);
    } finally {
      isComposing.value = false;
    }
  };
  const copy = async (shown: RunView, ended: Outcome) => {
    onNote((await copyText(textOfRun(shown, ended))) ? TEXTS.action.copied : FAILURES['composer/not-inserted'].title);
  };
  const addFiles = async (files: readonly File[]) => {
    const answer = await services.addFiles(sessionId, files);
    if (!answer.ok) return say(answer.error.code, answer.error.detail);
    onNote(TEXTS.card.added(answer.value.map(({ path }) => path.split('/').at(-1) ?? path).join(', ')));
  };
  const isEnded = view !== null && outcome !== null;
  return (
    <div class="actions">
      {canRun ? (
        <Button action="run" kind="primary" onPress={() => void run.start('press')}>
          {TEXTS.action.run}
        </Button>
      ) : null}
      {isBusy ? (
        <Button action="stop" kind="danger" onPress={() => void run.stop()}>
          {TEXTS.action.stop}
        </Button>
      ) : null}
      {isEnded ? (
        <Button
          action="compose"
          kind="primary"
          disabled={isComposing.value}
          onPress={() => void compose(view, outcome)}
        >
          {TEXTS.action.compose}
        </Button>
      ) : null}
      {canRepeat ? (
        <Button action="again" onPress={() => void run.start('press')}>
          {TEXTS.action.again}
        </Button>
      ) : null}
      {isEnded ? (
        <Button action="copy" onPress={() => void copy(view, outcome)}>
          {TEXTS.action.copy}
        </Button>
      ) : null}
      <span class="gap" />
      <Button action="add-file" onPress={() => picker.current?.click()}>
        {TEXTS.action.addFile}
      </Button>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        data-part="file-field"
        aria-label={TEXTS.action.addFile}
        onChange={(event) => {
          // The page must not learn of the choice: neither by the event nor by a field of its own.
          event.stopPropagation();
          const field = event.currentTarget;
          void addFiles([...(field.files ?? [])]);
          field.value = '';
        }}
        onInput={(event) => event.stopPropagation()}
      />
      <Button action="describe" onPress={() => (isDescribing.value = true)}>
        {TEXTS.action.describe}
      </Button>
      {isEnded ? (
        <Button action="restart" onPress={() => void run.restart()}>
          {TEXTS.action.restart}
        </Button>
      ) : null}
      {isDescribing.value ? (
        <DescribeDialog sessionId={sessionId} onClose={() => (isDescribing.value = false)} onNote={onNote} />
      ) : null}
    </div>
  );
}
