import { ok, type Result } from '../../base/index.ts';
import { sendFile } from '../send-file.ts';
import type { RunsDoor } from '../../contracts/doors/runs.ts';
import type { AppError } from '../../contracts/errors.ts';
import type { FileStat } from '../../contracts/files.ts';
import type { SessionId } from '../../contracts/ids.ts';
import { COMMON_TEXTS } from '../texts.ts';
import { sentenceOf } from '../kit/index.ts';

/** Puts files into a session's `/mnt/data`; stops at the first that fails. The bytes go to the host and nowhere else. */
export async function addPrivateFiles(
  runs: RunsDoor,
  sessionId: SessionId,
  files: readonly File[],
): Promise<Result<readonly FileStat[], AppError>> {
  const added: FileStat[] = [];
  for (const file of files) {
    const answer = await sendFile(runs, { sessionId, name: file.name, file });
    if (!answer.ok) return answer;
    added.push(answer.value);
  }
  return ok(added);
}

/** Held until the next choice: nothing else refers to a field outside the document while the browser's window is open. */
let chooser: HTMLInputElement | null = null;

/** Lets the person choose files. The field stands in no document: no listener of the page is on the way of its events. */
export function chooseFiles(onFiles: (files: readonly File[]) => void): void {
  const field = document.createElement('input');
  chooser = field;
  field.type = 'file';
  field.multiple = true;
  field.addEventListener('change', () => {
    if (chooser === field) chooser = null;
    onFiles([...(field.files ?? [])]);
  });
  field.click();
}

/** What to tell the person about files that were added. */
export function addedWords(answer: Result<readonly FileStat[], AppError>): string {
  if (!answer.ok) return sentenceOf(answer.error);
  return COMMON_TEXTS.added(answer.value.map(({ path }) => path.split('/').at(-1) ?? path).join(', '));
}

export interface DropTarget {
  readonly element: HTMLElement;
  readonly onFiles: (files: readonly File[]) => void;
}

const DRAG_EVENTS = ['dragenter', 'dragover', 'dragleave', 'drop'] as const;

/**
 * Takes drags over our own elements away from the page. Must be called at document_start: listeners of one target run
 * in the order of their adding, and these have to stand before those of the page, in the capture phase of the window.
 */
export function watchDrops(
  target: Window,
  find: (path: readonly EventTarget[]) => DropTarget | null,
  options: { readonly signal: AbortSignal },
): void {
  let over: HTMLElement | null = null;
  const mark = (element: HTMLElement | null) => {
    if (over !== element) over?.removeAttribute('data-dropping');
    over = element;
    element?.setAttribute('data-dropping', '');
  };
  const take = (event: DragEvent) => {
    const drop = find(event.composedPath());
    if (drop === null) return mark(null);
    // Text dragged within the page is the page's; only files are ours.
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.type === 'drop') {
      mark(null);
      // A script of the page can dispatch a made-up drop; it must not fill the person's folder.
      if (event.isTrusted) drop.onFiles([...event.dataTransfer.files]);
    } else if (event.type === 'dragleave') mark(null);
    else {
      event.dataTransfer.dropEffect = 'copy';
      mark(drop.element);
    }
  };
  for (const kind of DRAG_EVENTS) target.addEventListener(kind, take, { capture: true, signal: options.signal });
}
