import { fail, ok, type Result } from '../../../base/index.ts';
import type { AppError, AppErrorCode } from '../../../contracts/errors.ts';
import type { SessionId } from '../../../contracts/ids.ts';
import type { Outcome } from '../../../contracts/outcome.ts';
import type { Artifact, Language } from '../../../contracts/run.ts';
import { awaitWordsOf } from '../../kit/index.ts';
import { nameOf } from '../language-name.ts';
import { TEXTS } from '../../texts.ts';
import { resultText } from '../result-text.ts';
import type { RunView } from '../run-view.ts';
import { type Picture, pictureOf, readArtifact } from './artifact-bytes.ts';
import { textOf } from './display-list.tsx';
import type { CardServices } from './services.ts';

/** Files that one press hands to the page together with the text. */
const MOST_ATTACHED = 10;
const MOST_ATTACHED_BYTES = 20 * 1024 * 1024;

/** Longest wait for words where the host is away: a press may write to the clipboard for five seconds. */
const WORDS_MS = 2_500;

/** A run that has ended, as the card shows it. */
export interface EndedRun {
  readonly view: RunView;
  readonly outcome: Outcome;
  readonly sessionId: SessionId;
  readonly language: Language | null;
}

/** What Python prints in place of a picture, which tells nothing where the picture itself goes along. */
const STANDS_FOR_PICTURE = /^<(?:Figure |IPython\.core\.display\.|PIL\.)[^<>]*>$/u;

const picturesOf = (view: RunView): readonly Picture[] =>
  view.displays.value.flatMap((display, at) => pictureOf(display, at + 1) ?? []);

/** Those that a program made: a drawing beside a figure is kept for the card alone. */
const filesOf = (view: RunView): readonly Artifact[] => view.artifacts.value.filter(({ kind }) => kind === 'file');

/** An error that its language printed needs no words of ours. */
function codeOf(outcome: Outcome): AppErrorCode | undefined {
  if (outcome.kind === 'completed') return outcome.error?.traceback === null ? outcome.error.code : undefined;
  return 'code' in outcome ? outcome.code : undefined;
}

/** The compact text of a run: for the composer and for Copy, which are not drawn again when words for a failure come later. */
export async function textOfRun({ view, outcome, language }: EndedRun): Promise<string> {
  const code = codeOf(outcome);
  if (code !== undefined)
    await Promise.race([awaitWordsOf(code), new Promise((resolve) => setTimeout(resolve, WORDS_MS))]);
  const pictures = picturesOf(view);
  const isTold = (text: string) => text !== '' && !(pictures.length > 0 && STANDS_FOR_PICTURE.test(text));
  const result = outcome.kind === 'completed' ? outcome.result : null;
  return resultText({
    language: nameOf(language),
    stdout: view.log.text('stdout'),
    stderr: view.log.text('stderr'),
    outcome: outcome.kind === 'completed' && !isTold(result ?? '') ? { ...outcome, result: null } : outcome,
    artifacts: [...pictures.map(({ name, bytes }) => ({ name, path: null, bytes: bytes.length })), ...filesOf(view)],
    displays: view.displays.value.map(textOf).filter((text) => isTold(text) && text !== result),
  });
}

interface Gathered {
  readonly files: readonly File[];
  /** What to tell the person about those that do not go; empty where all go. */
  readonly left: string;
}

async function gatherFiles(services: CardServices, { view, sessionId }: EndedRun): Promise<Gathered> {
  const pictures = picturesOf(view);
  const artifacts = filesOf(view);
  const count = pictures.length + artifacts.length;
  if (count === 0) return { files: [], left: '' };
  // The page uploads what is attached at once. Results of a session that holds private files go only one by one,
  // by a press on each.
  if (await services.hasPrivateFiles(sessionId)) return { files: [], left: TEXTS.composer.keptBack };
  const files: File[] = [];
  let room = MOST_ATTACHED_BYTES;
  const hasRoom = (bytes: number) => files.length < MOST_ATTACHED && bytes <= room;
  const take = (name: string, mime: string, bytes: Uint8Array<ArrayBuffer>) => {
    if (!hasRoom(bytes.length)) return;
    room -= bytes.length;
    files.push(new File([bytes], name, { type: mime }));
  };
  for (const { name, mime, bytes } of pictures) take(name, mime, bytes);
  for (const artifact of artifacts) {
    if (!hasRoom(artifact.bytes)) continue;
    const answer = await readArtifact(services.runs, sessionId, artifact);
    if (answer.ok) take(artifact.name, artifact.mime, answer.value);
  }
  return { files, left: files.length < count ? TEXTS.composer.leftOut(count - files.length) : '' };
}

/** Puts text and files of a run in the composer; the value is what to tell the person. Never sends. */
export async function composeResult(services: CardServices, run: EndedRun): Promise<Result<string, AppError>> {
  const answer = await services.compose(await textOfRun(run));
  if (!answer.ok) return fail(answer.error);
  const { files, left } = await gatherFiles(services, run);
  const isAttached = files.length > 0 && (await services.attach(files));
  if (files.length > 0 && !isAttached) return ok(TEXTS.composer.textOnly);
  const done = isAttached ? TEXTS.composer.attached(files.map(({ name }) => name)) : TEXTS.composer.done;
  return ok(left === '' ? done : `${done} ${left}`);
}
