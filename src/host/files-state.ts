import { toBase64 } from '../base/index.ts';
import type { SessionFiles } from '../contracts/files.ts';

/** What engines write beside a person's files; no program imports from there. */
const ENGINE_FILES = '.output/';

/** Names what a session's files are now: another name after each change. Null where they cannot be read. */
export async function filesState(files: Pick<SessionFiles, 'all'>): Promise<string | null> {
  try {
    const all = (await files.all()).filter(({ path }) => !path.startsWith(ENGINE_FILES));
    if (all.length === 0) return 'none';
    const rows = all.map(({ path, kind, sizeBytes, modifiedAtMs }) => [path, kind, sizeBytes, modifiedAtMs]);
    const text = JSON.stringify(rows.sort(([one], [other]) => (String(one) < String(other) ? -1 : 1)));
    return toBase64(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))));
  } catch (cause) {
    console.warn('the files of a session cannot be read', cause);
    return null;
  }
}
