import { fail, type Result } from '../base/index.ts';
import type { RunsDoor } from '../contracts/doors/runs.ts';
import { type AppError, appError } from '../contracts/errors.ts';
import type { FileStat } from '../contracts/files.ts';
import type { SessionId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';

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
    answer = await piece(at);
    if (!answer.ok) await runs.removeFile({ sessionId, path: name });
  }
  return answer;
}
