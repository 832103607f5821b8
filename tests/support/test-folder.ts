import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { removeFolder } from './temporary-folder.ts';

/**
 * The path of a folder that is there, with these files, while the tests of this file or `describe` run. It is made
 * by their first hook and not before: a list of the tests reads the file and runs neither hooks nor tests.
 */
export function testFolder(name: string, files: Readonly<Record<string, string>> = {}): string {
  const path = join(tmpdir(), `companion-${name}-${randomUUID()}`);
  beforeAll(() => {
    mkdirSync(path);
    for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
  });
  afterAll(() => removeFolder(path));
  return path;
}
