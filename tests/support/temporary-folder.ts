import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryFolder extends AsyncDisposable {
  /** Absolute. */
  readonly path: string;
  /** Takes the folder away with all that is in it; a second call does nothing. */
  remove(): Promise<void>;
}

/** A new folder in the system's place for such; whoever makes one removes it. In a test file `testFolder` does that. */
export function createTemporaryFolder(name: string): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), `companion-${name}-`));
  const remove = (): Promise<void> => removeFolder(path);
  return { path, remove, [Symbol.asyncDispose]: remove };
}

/** A browser that was just closed may still be closing its files. */
export function removeFolder(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
}
