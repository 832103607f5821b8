import { fail, fromBase64, ok, type Result } from '../../../base/index.ts';
import type { RunsDoor } from '../../../contracts/doors/runs.ts';
import { type AppError, appError } from '../../../contracts/errors.ts';
import type { SessionId } from '../../../contracts/ids.ts';
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

/** The picture of a rich output, or null where it has none. `number` names pictures that have no name of their own. */
export function pictureOf(display: Display, number: number): Picture | null {
  for (const [mime, extension] of Object.entries(EXTENSIONS)) {
    const text = display.data[mime];
    if (text === undefined) continue;
    const bytes = mime === 'image/svg+xml' ? new TextEncoder().encode(text) : fromBase64(text.replaceAll(/\s/g, ''));
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
  const answer = await runs.readFile({ sessionId, path: artifact.path });
  return answer.ok ? ok(new Uint8Array(answer.value.bytes)) : answer;
}
