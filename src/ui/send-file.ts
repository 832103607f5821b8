import { fail, type Result } from '../base/index.ts';
import type { RunsDoor } from '../contracts/doors/runs.ts';
import { type AppError, appError } from '../contracts/errors.ts';
import type { FileStat } from '../contracts/files.ts';
import type { SessionId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
import { sentenceOf } from './kit/index.ts';
import { COMMON_TEXTS } from './texts.ts';

/**
 * Puts a person's file into a session, piece by piece, so that it need not fit into one message or into memory.
 * `files/too-large` above `fileBytes`; a file that fails half-way is removed. Whoever cannot read it gets the rejection.
 */
export async function sendFile(
  runs: RunsDoor,
  { sessionId, name, file }: { readonly sessionId: SessionId; readonly name: string; readonly file: Blob },
): Promise<Result<FileStat, AppError>> {
  if (file.size > LIMITS.fileBytes.standard) return fail(appError('files/too-large', name));
  const piece = async (position: number) => {
    const buffer = await file.slice(position, position + LIMITS.filePieceBytes.standard).arrayBuffer();
    // A content script of Firefox reads into the page's world, whose arrays are none of ours: the bytes are copied out of it.
    const bytes = new Uint8Array(buffer.byteLength);
    bytes.set(new Uint8Array(buffer));
    return runs.addFile({ sessionId, name, bytes, ...(position === 0 ? {} : { position }) });
  };
  let answer = await piece(0);
  for (let at = LIMITS.filePieceBytes.standard; at < file.size && answer.ok; at += LIMITS.filePieceBytes.standard) {
    let isKept = false;
    try {
      answer = await piece(at);
      isKept = answer.ok;
    } finally {
      if (!isKept) await runs.removeFile({ sessionId, path: name });
    }
  }
  return answer;
}

/**
 * Puts a person's files into a session's `/mnt/data`, up to the first that cannot be put there. The bytes go to the host and
 * nowhere else. Answers with what to tell the person: what is there now, and which file is not, and why.
 */
export async function sendFiles(runs: RunsDoor, sessionId: SessionId, files: readonly File[]): Promise<string> {
  const added: string[] = [];
  const words = (): string[] => (added.length === 0 ? [] : [COMMON_TEXTS.added(added.join(', '))]);
  for (const file of files) {
    const { name } = file;
    try {
      const answer = await sendFile(runs, { sessionId, name, file });
      if (!answer.ok) return [...words(), `${name}: ${await sentenceOf(answer.error)}`].join(' · ');
      added.push(answer.value.path.split('/').at(-1) ?? name);
    } catch (error) {
      // A folder, or a file that went away or is locked: the browser says so only when it is read.
      if (!(error instanceof DOMException)) throw error;
      return [...words(), COMMON_TEXTS.unread(name)].join(' · ');
    }
  }
  return words().join('');
}
