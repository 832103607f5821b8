import { signal, type Signal } from '@preact/signals';
import type { RunsDoor } from '../../contracts/doors/runs.ts';
import type { AppError } from '../../contracts/errors.ts';
import type { SessionId } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { type Copied, copyIn, type CopyProgress } from './copy-in.ts';
import { type CopyPlan, planCopy } from './copy-plan.ts';
import { listFolder, type LocalDirectory } from './local-folder.ts';
import type { Picked } from './picked-folder.ts';
import { FOLDER_TEXTS } from './texts.ts';

/** Where the copying of a folder is; `said` is for the person. */
export type Step =
  | { readonly kind: 'waiting'; readonly said: string }
  | { readonly kind: 'listing'; readonly found: number }
  | { readonly kind: 'planned'; readonly name: string; readonly plan: CopyPlan; readonly takesAll: boolean }
  | { readonly kind: 'copying'; readonly plan: CopyPlan; readonly progress: CopyProgress }
  | { readonly kind: 'ended'; readonly plan: CopyPlan; readonly copied: Copied; readonly isCancelled: boolean }
  | { readonly kind: 'failed'; readonly error: AppError };

/** One folder at a time on its way into one conversation. A press that comes while another works does nothing. */
export class FolderCopy {
  readonly step: Signal<Step> = signal({ kind: 'waiting', said: '' });
  readonly #runs: RunsDoor;
  readonly #sessionId: SessionId;
  #folder: LocalDirectory | null = null;
  #ending = new AbortController();

  constructor(runs: RunsDoor, sessionId: SessionId) {
    this.#runs = runs;
    this.#sessionId = sessionId;
  }

  get isWorking(): boolean {
    const { kind } = this.step.value;
    return kind === 'listing' || kind === 'copying';
  }

  /** Takes what a person picked or dropped, and looks through it. */
  async take(picked: Picked): Promise<void> {
    if (this.isWorking || picked === 'nothing') return;
    if (typeof picked === 'string') {
      this.#say(FOLDER_TEXTS.said[picked]);
      return;
    }
    this.#folder = picked;
    await this.look(false);
  }

  /** Looks through the folder again; with `takesAll` also through those that are skipped. */
  async look(takesAll: boolean): Promise<void> {
    const folder = this.#folder;
    if (this.isWorking || folder === null) return;
    const { signal: ended } = (this.#ending = new AbortController());
    this.step.value = { kind: 'listing', found: 0 };
    const onFound = (found: number) => (this.step.value = { kind: 'listing', found });
    const [listed, there] = await Promise.all([
      listFolder(folder, { takesAll, onFound, signal: ended }),
      this.#runs.listFiles({ sessionId: this.#sessionId }),
    ]);
    if (!listed.ok) this.#say(FOLDER_TEXTS.tooMany(LIMITS.fileCount.standard));
    else if (listed.value === null) this.#say(FOLDER_TEXTS.cancelled);
    else if (!there.ok) this.step.value = { kind: 'failed', error: there.error };
    else if (listed.value.leftOut.some(({ path }) => path === '')) this.#say(FOLDER_TEXTS.gone);
    else {
      const plan = planCopy(folder.name, listed.value, there.value);
      this.step.value = { kind: 'planned', name: folder.name, plan, takesAll };
    }
  }

  /** Copies what was found. */
  async copy(): Promise<void> {
    const { value: now } = this.step;
    if (now.kind !== 'planned' || now.plan.tooMuch !== null) return;
    const { plan } = now;
    const { signal: ended } = (this.#ending = new AbortController());
    const onProgress = (progress: CopyProgress) => (this.step.value = { kind: 'copying', plan, progress });
    onProgress({ files: 0, bytes: 0 });
    const copied = await copyIn(this.#runs, { sessionId: this.#sessionId, plan }, { onProgress, signal: ended });
    this.step.value = { kind: 'ended', plan, copied, isCancelled: ended.aborted };
  }

  /** Ends what is at work; files that were copied stay. */
  cancel(): void {
    this.#ending.abort();
  }

  #say(said: string): void {
    this.step.value = { kind: 'waiting', said };
  }
}
