import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Files of the checkout that git tracks or would track, relative to the root. */
export function trackedFiles(): string[] {
  const out = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' });
  return [...new Set(out.split('\n').filter(Boolean))];
}

export const read = (path: string): string => readFileSync(path, 'utf8');

export const lineCount = (path: string): number => read(path).split('\n').length - 1;
