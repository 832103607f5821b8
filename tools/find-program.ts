import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** The path of the first of these programs that can be started here: a bare name is looked for along PATH. */
export function findProgram(candidates: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return candidates
    .flatMap((name) => (path.isAbsolute(name) ? [name] : folders.map((folder) => path.join(folder, name))))
    .find(canStart);
}

function canStart(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // Absent or not ours to start: the next one is asked.
    return false;
  }
}
