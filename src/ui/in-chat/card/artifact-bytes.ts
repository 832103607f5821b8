import { fail, fromBase64, ok, type Result } from '../../../base/index.ts';
import type { RunsDoor } from '../../../contracts/doors/runs.ts';
import { type AppError, appError } from '../../../contracts/errors.ts';
import type { SessionId } from '../../../contracts/ids.ts';
import { LIMITS } from '../../../contracts/limits.ts';
import type { Artifact, Display } from '../../../contracts/run.ts';

const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/svg+xml': 'svg',
  'image/gif': 'gif',
  'image/webp': 'webp',
};

export interface Picture {
  readonly mime: string;
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Null where a program gave something else than base64. */
function bytesOf(base64: string): Uint8Array<ArrayBuffer> | null {
  try {
    return fromBase64(base64.replaceAll(/\s/g, ''));
  } catch {
    // Nothing else throws, and what it throws is of another realm in some browsers.
    return null;
  }
}

/** The picture of a rich output, or null where it has none. `number` names pictures that have no name of their own. */
export function pictureOf(display: Display, number: number): Picture | null {
  for (const [mime, extension] of Object.entries(EXTENSIONS)) {
    const text = display.data[mime];
    if (text === undefined) continue;
    const bytes = mime === 'image/svg+xml' ? new TextEncoder().encode(text) : bytesOf(text);
    if (bytes === null) continue;
    return { mime, bytes, name: display.artifact?.name ?? `figure-${number}.${extension}` };
  }
  return null;
}

/** The bytes of a file that a run made. `files/not-found` for artifacts that are no files. */
export async function readArtifact(
  runs: RunsDoor,
  sessionId: SessionId,
  artifact: Artifact,
): Promise<Result<Uint8Array<ArrayBuffer>, AppError>> {
  if (artifact.path === null) return fail(appError('files/not-found', artifact.name));
  if (artifact.bytes > LIMITS.filePieceBytes.standard)
    return readPieces(runs, sessionId, artifact.path, artifact.bytes);
  const answer = await runs.readFile({ sessionId, path: artifact.path });
  return answer.ok ? ok(new Uint8Array(answer.value.bytes)) : answer;
}

/** A file that need not fit into one message; `sizeBytes` is what it had when its run ended, and may have less now. */
async function readPieces(
  runs: RunsDoor,
  sessionId: SessionId,
  path: string,
  sizeBytes: number,
): Promise<Result<Uint8Array<ArrayBuffer>, AppError>> {
  const whole = new Uint8Array(sizeBytes);
  let position = 0;
  while (position < sizeBytes) {
    const answer = await runs.readFile({ sessionId, path, position });
    if (!answer.ok) return answer;
    const piece = answer.value.bytes.subarray(0, sizeBytes - position);
    if (piece.length === 0) break;
    whole.set(piece, position);
    position += piece.length;
  }
  return ok(whole.subarray(0, position));
}
