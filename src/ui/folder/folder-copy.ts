import { type Signal, signal } from '@preact/signals';
import { ok, type Result } from '../../base/index.ts';
import type { CopiedFile, CopiedFolder, CopiedFolders } from '../../contracts/copied-folders.ts';
import type { EngineDoor } from '../../contracts/doors/engine.ts';
import type { RunsDoor } from '../../contracts/doors/runs.ts';
import type { AppError } from '../../contracts/errors.ts';
import type { SessionId } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { type Copied, copyIn, type CopyProgress } from './copy-in.ts';
import { type CopyPlan, freeTarget, isSamePlan, planCopy, targetName } from './copy-plan.ts';
import { FolderMarks } from './folder-marks.ts';
import { type Listing, listFolder, type LocalDirectory } from './local-folder.ts';
import { isAllowed, isKeptHandle, type Picked } from './picked-folder.ts';
import { FOLDER_TEXTS } from './texts.ts';
import { type BackPlan, planBack, writeBack, type Written } from './write-back.ts';

/** What of a folder is copied. */
export interface Wanted {
  /** Also the folders that are skipped. */
  readonly takesAll: boolean;
  /** Also over what the conversation has changed. */
  readonly replacesChanged: boolean;
}

/** A folder that was looked through. */
interface Looked {
  readonly folder: LocalDirectory;
  readonly listing: Listing;
  readonly wanted: Wanted;
}

interface Planned extends Looked {
  readonly kind: 'planned';
  readonly plan: CopyPlan;
  /** The plan before it was agreed to, and was not true any more. */
  readonly isAnew: boolean;
}

/** Where the copying of a folder is; `said` is for the person. */
export type Step =
  | { readonly kind: 'waiting'; readonly said: string }
  | { readonly kind: 'listing'; readonly found: number }
  | Planned
  | { readonly kind: 'copying'; readonly plan: CopyPlan; readonly progress: CopyProgress }
  | {
      readonly kind: 'ended';
      readonly plan: CopyPlan;
      readonly copied: Copied;
      readonly isCancelled: boolean;
      /** Whether what was copied can be told from what is new the next time. */
      readonly isRemembered: boolean;
    }
  | { readonly kind: 'back'; readonly plan: BackPlan }
  | { readonly kind: 'writing'; readonly plan: BackPlan; readonly done: number }
  | {
      readonly kind: 'written';
      readonly plan: BackPlan;
      readonly written: Written;
      readonly isCancelled: boolean;
      /** Whether what was written is not taken for a change of both sides the next time. */
      readonly isRemembered: boolean;
    }
  | { readonly kind: 'failed'; readonly error: AppError; readonly again: () => Promise<void> };

export interface FolderDoors {
  readonly runs: RunsDoor;
  readonly engine: Pick<EngineDoor, 'readPiece'>;
  readonly folders: CopiedFolders;
}

/** One folder at a time on its way into one conversation. A press that comes while another works does nothing. */
export class FolderCopy {
  readonly step: Signal<Step> = signal({ kind: 'waiting', said: '' });
  /** Folders that were copied into the conversation before. */
  readonly known: Signal<readonly CopiedFolder[]> = signal([]);
  readonly #doors: FolderDoors;
  readonly #sessionId: SessionId;
  #folder: LocalDirectory | null = null;
  #wanted: Wanted = { takesAll: false, replacesChanged: false };
  #ending = new AbortController();

  constructor(doors: FolderDoors, sessionId: SessionId) {
    this.#doors = doors;
    this.#sessionId = sessionId;
  }

  get isWorking(): boolean {
    const { kind } = this.step.value;
    return kind === 'listing' || kind === 'copying' || kind === 'writing';
  }

  /** Reads which folders were copied before. */
  async recall(): Promise<void> {
    try {
      this.known.value = await this.#doors.folders.of(this.#sessionId);
    } catch {
      // Nothing is kept here, as in some private windows: each folder is a new one then, and the end of a copying says so.
      this.known.value = [];
    }
  }

  /** Takes what a person picked or dropped, and looks through it. */
  take(picked: Picked): Promise<void> {
    return this.#toAnEnd(() => this.#take(picked));
  }

  async #take(picked: Picked): Promise<void> {
    if (this.isWorking || picked === 'nothing') return;
    if (typeof picked === 'string') {
      this.#say(FOLDER_TEXTS.said[picked]);
      return;
    }
    this.#folder = picked;
    const { takesAll = false } = this.#rowOf(await this.#target(picked)) ?? {};
    await this.look({ takesAll, replacesChanged: false });
  }

  /** Within a press: looks through a folder that was copied before, which the browser may ask the person about first. */
  async update({ handle }: CopiedFolder): Promise<void> {
    if (this.isWorking || !isKeptHandle(handle)) return;
    if (await isAllowed(handle, 'read', () => this.#say(FOLDER_TEXTS.asking))) await this.take(handle);
    else this.#say(FOLDER_TEXTS.said.refused);
  }

  async forget(folder: CopiedFolder): Promise<void> {
    if (this.isWorking) return;
    try {
      await this.#doors.folders.forget(folder);
      this.#say(FOLDER_TEXTS.forgotten(folder.target));
    } catch {
      this.#say(FOLDER_TEXTS.notForgotten);
    }
    await this.recall();
  }

  /** Looks through the folder, again where it was looked through before. */
  look(wanted: Wanted = this.#wanted): Promise<void> {
    return this.#toAnEnd(() => this.#look(wanted));
  }

  async #look(wanted: Wanted): Promise<void> {
    const folder = this.#folder;
    if (this.isWorking || folder === null) return;
    this.#wanted = wanted;
    const { signal: ended } = (this.#ending = new AbortController());
    this.step.value = { kind: 'listing', found: 0 };
    const onFound = (found: number) => (this.step.value = { kind: 'listing', found });
    const listed = await listFolder(folder, { takesAll: wanted.takesAll, onFound, signal: ended });
    if (!listed.ok) this.#say(FOLDER_TEXTS.tooMany(LIMITS.fileCount.standard));
    else if (listed.value === null) this.#say(FOLDER_TEXTS.cancelled);
    else if (isUnread(listed.value)) this.#say(FOLDER_TEXTS.lost);
    else {
      const listing = listed.value;
      const plan = await this.#plan({ folder, listing, wanted });
      if (ended.aborted) this.#say(FOLDER_TEXTS.cancelled);
      else if (!plan.ok) this.#fail(plan.error, () => this.look());
      else this.step.value = { kind: 'planned', folder, listing, plan: plan.value, wanted, isAnew: false };
    }
  }

  /** What copying would do to the conversation as it is now. */
  async #plan({ folder, listing, wanted }: Looked): Promise<Result<CopyPlan, AppError>> {
    const [there] = await Promise.all([this.#doors.runs.listFiles({ sessionId: this.#sessionId }), this.recall()]);
    if (!there.ok) return there;
    const target = await this.#target(folder);
    const before = this.#rowOf(target)?.files ?? [];
    const { replacesChanged } = wanted;
    return ok(planCopy({ target, listing, there: there.value, before, replacesChanged }));
  }

  /** Copies what the plan shows; where the conversation has changed since, it is shown anew instead. */
  copy(): Promise<void> {
    return this.#toAnEnd(() => this.#copyAsShown());
  }

  async #copyAsShown(): Promise<void> {
    const { value: now } = this.step;
    if (now.kind !== 'planned' || now.plan.tooMuch !== null) return;
    const { plan } = now;
    const { signal: ended } = (this.#ending = new AbortController());
    this.step.value = { kind: 'copying', plan, progress: { files: 0, bytes: 0 } };
    const again = await this.#plan(now);
    if (ended.aborted) return this.#say(FOLDER_TEXTS.cancelled);
    if (!again.ok) return this.#fail(again.error, () => this.look());
    if (isSamePlan(plan, again.value)) await this.#copy(now, ended);
    else this.step.value = { ...now, plan: again.value, isAnew: true };
  }

  async #copy(planned: Planned, ended: AbortSignal): Promise<void> {
    const { plan } = planned;
    const before = this.#rowOf(plan.target)?.files ?? [];
    const over = new Set(plan.files.map(({ path }) => path));
    const marks = await this.#begin(planned, [...over]);
    if (marks === null && before.some(({ path }) => over.has(path))) return this.#say(FOLDER_TEXTS.notBegun);
    const { runs } = this.#doors;
    const copied = await copyIn(
      runs,
      { sessionId: this.#sessionId, plan },
      {
        onProgress: (progress) => (this.step.value = { kind: 'copying', plan, progress }),
        onCopied: (file) => marks?.note(file),
        signal: ended,
      },
    );
    // What was not begun is as it was remembered.
    for (const file of before) if (over.has(file.path) && !copied.begun.has(file.path)) marks?.note(file);
    const isRemembered = (await marks?.end()) ?? false;
    await this.recall();
    this.step.value = { kind: 'ended', plan, copied, isCancelled: ended.aborted, isRemembered };
  }

  /** Shows what of the conversation's copy is not on the device. */
  async lookBack({ target }: Pick<CopiedFolder, 'target'>): Promise<void> {
    if (this.isWorking) return;
    const [there] = await Promise.all([this.#doors.runs.listFiles({ sessionId: this.#sessionId }), this.recall()]);
    if (this.isWorking) return;
    const folder = this.#rowOf(target);
    if (!there.ok) this.#fail(there.error, () => this.lookBack({ target }));
    else if (folder === undefined) this.#say(FOLDER_TEXTS.forgotten(target));
    else this.step.value = { kind: 'back', plan: planBack(folder, there.value) };
  }

  /** Within a press on the list: asks for the right to write, and writes exactly what the list shows. */
  writeBack(): Promise<void> {
    return this.#toAnEnd(() => this.#writeBack());
  }

  async #writeBack(): Promise<void> {
    const { value: shown } = this.step;
    if (shown.kind !== 'back') return;
    const { plan } = shown;
    const { handle } = plan.folder;
    // Before the step that shows Cancel: the browser may ask for long.
    const { signal: ended } = (this.#ending = new AbortController());
    this.step.value = { kind: 'writing', plan, done: 0 };
    const isGiven = isKeptHandle(handle) && (await isAllowed(handle, 'readwrite', () => undefined));
    if (ended.aborted) return this.#say(FOLDER_TEXTS.cancelled);
    if (!isGiven) return this.#say(FOLDER_TEXTS.notAllowed);
    const now = await this.#doors.runs.listFiles({ sessionId: this.#sessionId });
    if (!now.ok) return this.#fail(now.error, () => this.lookBack(plan.folder));
    const onProgress = (done: number) => (this.step.value = { kind: 'writing', plan, done });
    const way = { engine: this.#doors.engine, sessionId: this.#sessionId, root: handle, now: now.value, signal: ended };
    const marks = new FolderMarks(this.#doors.folders, plan.folder);
    const onWritten = (file: CopiedFile) => marks.note(file);
    const written = await writeBack(plan, way, { onProgress, onWritten });
    const isRemembered = await marks.end();
    await this.recall();
    this.step.value = { kind: 'written', plan, written, isCancelled: ended.aborted, isRemembered };
  }

  /** Ends what is at work; files that were copied stay. */
  cancel(): void {
    this.#ending.abort();
  }

  #rowOf(target: string): CopiedFolder | undefined {
    return this.known.value.find((folder) => folder.target === target);
  }

  /** Where a folder goes: over its own copy, never over that of another folder of its name. */
  async #target(folder: LocalDirectory): Promise<string> {
    // Without a handle nothing tells two folders of one name apart.
    if (!isKeptHandle(folder)) return targetName(folder.name);
    const taken = new Set<string>();
    for (const { target, handle } of this.known.value) {
      if (!isKeptHandle(handle)) continue;
      if (await handle.isSameEntry(folder)) return target;
      taken.add(target);
    }
    return freeTarget(folder.name, taken);
  }

  /**
   * Drops what is remembered of the files that are about to be written over: half a file that an interrupted copying leaves must not
   * be taken for a change of the conversation. Null where the browser keeps nothing.
   */
  async #begin({ folder: from, plan, wanted }: Planned, over: readonly string[]): Promise<FolderMarks | null> {
    const handle = isKeptHandle(from) ? from : null;
    const { target } = plan;
    const folder = { sessionId: this.#sessionId, target, handle, takesAll: wanted.takesAll, atMs: Date.now() };
    try {
      await this.#doors.folders.begin(folder, over);
    } catch {
      // The copy is made all the same where nothing was remembered before, and its end says that it is not now.
      return null;
    }
    return new FolderMarks(this.#doors.folders, folder);
  }

  /** What nobody expected the browser to throw ends the step, too: else the page would say for ever that it works. */
  async #toAnEnd(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (cause) {
      reportError(cause);
      this.#say(FOLDER_TEXTS.broke);
    }
  }

  #fail(error: AppError, again: () => Promise<void>): void {
    this.step.value = { kind: 'failed', error, again };
  }

  #say(said: string): void {
    this.step.value = { kind: 'waiting', said };
  }
}

const isUnread = ({ leftOut }: Listing): boolean => leftOut.some(({ path }) => path === '');
