import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../fixtures/python/', import.meta.url));

/** What tests/fixtures/python/README.md describes. */
export interface Snippet {
  readonly name: string;
  readonly code: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly stdin?: readonly string[];
  /** What its expectation was recorded from; for ours it was read by a person. */
  readonly recordedWith: string;
  readonly expect: {
    readonly stdout: string;
    readonly stderr?: string;
    readonly result?: string | null;
    readonly exitCode: number;
    readonly error?: {
      readonly title: string;
      readonly message?: string;
      readonly line?: number | null;
      readonly code?: string;
      readonly suggestions?: readonly string[];
    };
    readonly files?: readonly string[];
    readonly figures?: readonly (readonly number[])[];
    readonly tables?: readonly unknown[];
    readonly notices?: readonly string[];
    readonly displays?: readonly (readonly string[])[];
    readonly texts?: readonly string[];
  };
}

/** All snippets by group; those of a group run in one session, in order. */
export const snippetGroups: readonly (readonly [string, readonly Snippet[]])[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .map((name) => [name.replace('.json', ''), JSON.parse(readFileSync(FOLDER + name, 'utf8')) as Snippet[]]);

/** Width and height from a PNG's header. */
export function pngSize(base64: string): number[] {
  const bytes = Buffer.from(base64, 'base64');
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}
