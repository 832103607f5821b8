import { fail, ok, type Result } from '../../base/index.ts';
import type { EngineDoor } from '../../contracts/doors/engine.ts';
import type { RunsDoor } from '../../contracts/doors/runs.ts';
import { type AppError, appError } from '../../contracts/errors.ts';
import { KEPT_FOLDER } from '../../contracts/files.ts';
import type { SessionId } from '../../contracts/ids.ts';
import { sendFile } from '../send-file.ts';

/** Where a zip of the person lies while it is unpacked: no file of theirs can have that name. */
const INCOMING = `${KEPT_FOLDER}/import.zip`;

export interface ZipDoors {
  readonly runs: RunsDoor;
  readonly engine: Pick<EngineDoor, 'countFiles' | 'exportZip' | 'importZip' | 'readPiece'>;
}

type Unpacked = Extract<Awaited<ReturnType<EngineDoor['importZip']>>, { ok: true }>['value'];

/** How far it is; `share` is null where nobody can tell. */
export interface ZipProgress {
  readonly phase: 'packing' | 'reading' | 'sending' | 'unpacking';
  /** 0 to 1. */
  readonly share: number | null;
}

export interface ZipOptions {
  readonly onProgress: (progress: ZipProgress) => void;
  /** Ends it after the step that is under way: packing cannot be cut short, and unpacking is not cancelled at all. */
  readonly signal: AbortSignal;
}

/**
 * All files of a conversation as one zip. It comes in pieces, each of which is handed to the browser at once, so that a
 * large zip need not fit into this page's memory. The zip that the host made for it is removed, however it ends. Null where it
 * was cancelled.
 */
export async function takeZip(
  { runs, engine }: ZipDoors,
  sessionId: SessionId,
  { onProgress, signal }: ZipOptions,
): Promise<Result<Blob | null, AppError>> {
  onProgress({ phase: 'packing', share: null });
  const packed = await engine.exportZip({ sessionId, path: '' });
  if (!packed.ok) return packed;
  const { path, sizeBytes } = packed.value;
  const pieces: Blob[] = [];
  let position = 0;
  try {
    while (position < sizeBytes) {
      if (signal.aborted) return ok(null);
      onProgress({ phase: 'reading', share: position / sizeBytes });
      const piece = await engine.readPiece({ sessionId, path, position });
      if (!piece.ok) return piece;
      // Removed, or made anew by somebody else meanwhile.
      if (piece.value.bytes.length === 0) return fail(appError('files/not-found', path));
      // It came in a message, so what is behind it is never shared.
      pieces.push(new Blob([piece.value.bytes as Uint8Array<ArrayBuffer>]));
      position += piece.value.bytes.length;
    }
  } finally {
    await runs.removeFile({ sessionId, path });
  }
  // Most zips are one piece: cancelled while it was read.
  if (signal.aborted) return ok(null);
  return ok(new Blob(pieces, { type: 'application/zip' }));
}

/**
 * Puts a person's zip into a conversation and unpacks it there, over files of the same names: all of it or nothing. The zip
 * itself does not stay. `files/not-found` where the person's file cannot be read any more. Null where it was cancelled before
 * anything was unpacked.
 */
export async function addZip(
  { runs, engine }: ZipDoors,
  { sessionId, file }: { readonly sessionId: SessionId; readonly file: Blob },
  { onProgress, signal }: ZipOptions,
): Promise<Result<Unpacked | null, AppError>> {
  const counted: RunsDoor = {
    ...runs,
    addFile: async (request) => {
      if (signal.aborted) return fail(appError('files/not-found')); // ends the sending; what was sent is removed
      onProgress({ phase: 'sending', share: (request.position ?? 0) / Math.max(1, file.size) });
      return runs.addFile(request);
    },
  };
  try {
    const sent = await sendFile(counted, { sessionId, name: INCOMING, file });
    if (signal.aborted) return ok(null);
    if (!sent.ok) return sent;
    onProgress({ phase: 'unpacking', share: null });
    return await engine.importZip({ sessionId, path: INCOMING, into: '' });
  } catch (cause) {
    return fail(appError('files/not-found', undefined, cause));
  } finally {
    await runs.removeFile({ sessionId, path: INCOMING });
  }
}
