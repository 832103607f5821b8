import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A program and what the real Lua did with it. */
export interface LuaSnippet {
  readonly name: string;
  readonly code: string;
  readonly stdin: readonly string[];
  readonly stdout: string;
  readonly stderr: string;
  /** The message of an error that nobody caught. */
  readonly error: string | null;
  readonly exitCode: number;
}

export function readSnippets(): readonly LuaSnippet[] {
  const text = readFileSync(join(import.meta.dirname, '../../fixtures/lua/snippets.json'), 'utf8');
  return (JSON.parse(text) as { snippets: LuaSnippet[] }).snippets;
}
