import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Language } from '../../../src/contracts/run.ts';

/** Code as chats break it, and what it was meant to be; `as` where it only had the wrong language. */
export interface BrokenSnippet {
  readonly language: 'python' | 'javascript' | 'typescript' | 'lua';
  readonly broken: string;
  readonly title: string;
  readonly as?: Language;
  readonly fixed: string;
}

export function readBrokenSnippets(): readonly BrokenSnippet[] {
  const file = join(import.meta.dirname, '../../fixtures/analysis/fixes/broken.json');
  return JSON.parse(readFileSync(file, 'utf8')) as BrokenSnippet[];
}
