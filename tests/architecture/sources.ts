import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';

/** Files of the checkout that git tracks or would track, relative to the root. */
export function trackedFiles(): string[] {
  const out = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' });
  return [...new Set(out.split('\n').filter(Boolean))];
}

export const read = (path: string): string => readFileSync(path, 'utf8');

export const lineCount = (path: string): number => read(path).split('\n').length - 1;

/** A file and all that it is made of: what it imports by a path, and so on. */
export function filesBehind(file: string): string[] {
  const behind = new Set([file]);
  // A set that grows while it is walked is walked to its new end.
  for (const path of behind) {
    for (const [, imported = ''] of read(path).matchAll(/\b(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+\.tsx?)'/gu))
      if (existsSync(join(dirname(path), imported))) behind.add(join(dirname(path), imported));
  }
  return [...behind];
}
