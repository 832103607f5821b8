import { fail, type Result } from '../../base/index.ts';
import type { CopiedFile } from '../../contracts/copied-folders.ts';
import type { RunsDoor } from '../../contracts/doors/runs.ts';
import { type AppError, appError } from '../../contracts/errors.ts';
import type { FileStat } from '../../contracts/files.ts';
import type { SessionId } from '../../contracts/ids.ts';
import { sendFile } from '../send-file.ts';
import { type CopyPlan, deviceMark, hereMark } from './copy-plan.ts';
import type { LeftOut } from './local-folder.ts';

/** Files under way at once: each waits most of its time for the disk. */
const AT_ONCE = 6;

export interface CopyProgress {
  readonly files: number;
  readonly bytes: number;
}

export interface CopyOptions {
  readonly onProgress: (progress: CopyProgress) => void;
  /** A file is the same on both sides now. */
  readonly onCopied: (file: CopiedFile) => void;
  /** Ends it; what is under way does not stay, what was copied does. */
  readonly signal: AbortSignal;
}

/** How a copying ended; files that were copied stay, however it did. */
export interface Copied {
  readonly count: number;
  readonly bytes: number;
  /** Files of which anything was sent, wherever it ended: what the conversation had in their place may be gone. */
  readonly begun: ReadonlySet<string>;
  /** Files that could not be copied while others could. */
  readonly leftOut: readonly LeftOut[];
  /** What ended it before its end: nobody can keep files any more. */
  readonly stoppedBy: AppError | null;
}

/** Failures of one file; after any other the next file would fail as well. */
const OF_ONE_FILE: readonly string[] = ['files/bad-path', 'files/not-found', 'files/too-large'];

/** Copies what was planned into the conversation's folder. Never rejects for a file that cannot be read. */
export async function copyIn(
  runs: RunsDoor,
  { sessionId, plan }: { readonly sessionId: SessionId; readonly plan: CopyPlan },
  { onProgress, onCopied, signal }: CopyOptions,
): Promise<Copied> {
  const begun = new Set<string>();
  const leftOut: LeftOut[] = [];
  let [count, bytes, sentBytes] = [0, 0, 0];
  let stoppedBy: AppError | null = null;
  const tell = () => onProgress({ files: count, bytes: sentBytes });
  const isOver = () => signal.aborted || stoppedBy !== null;
  const watched: RunsDoor = {
    ...runs,
    addFile: async (request) => {
      if (isOver()) return fail(appError('files/not-found')); // ends the sending; what was sent of that file is removed
      begun.add(request.name.slice(plan.target.length + 1));
      const answer = await runs.addFile(request);
      if (answer.ok) sentBytes += request.bytes.length;
      tell();
      return answer;
    },
  };
  const waiting = plan.files.values();
  const copyNext = async (): Promise<void> => {
    for (const found of waiting) {
      if (isOver()) return;
      const { path, file } = found;
      const sent = await send(watched, sessionId, `${plan.target}/${path}`, file);
      if (sent === 'unread') leftOut.push({ path, why: begun.has(path) ? 'cut' : 'unread' });
      else if (sent.ok) {
        count += 1;
        bytes += file.size;
        onCopied({ path, device: deviceMark(file), here: hereMark(sent.value) });
      } else if (!isOver() && OF_ONE_FILE.includes(sent.error.code)) leftOut.push({ path, why: 'refused' });
      else {
        if (begun.has(path)) leftOut.push({ path, why: 'cut' });
        if (!isOver()) stoppedBy = sent.error;
      }
      tell();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, copyNext));
  return { count, bytes, begun, leftOut, stoppedBy };
}

async function send(
  runs: RunsDoor,
  sessionId: SessionId,
  name: string,
  file: File,
): Promise<Result<FileStat, AppError> | 'unread'> {
  try {
    return await sendFile(runs, { sessionId, name, file });
  } catch (error) {
    // It went away, changed or was locked since it was listed: the browser says so only when it is read.
    if (!(error instanceof DOMException)) throw error;
    return 'unread';
  }
}
