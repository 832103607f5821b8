import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const NAMES = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'LICENCE', 'license', 'LICENSE-MIT'];

/** The text of the licence that lies in a package's folder; null where it ships none. */
export function licenceText(folder: string): string | null {
  const file = NAMES.map((name) => join(folder, name)).find((path) => existsSync(path));
  return file === undefined ? null : readFileSync(file, 'utf8').trim();
}
