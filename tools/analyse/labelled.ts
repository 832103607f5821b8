import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { CodeLanguage, RiskBand } from '../../src/contracts/analysis.ts';

/** One piece of the labelled set (tests/fixtures/analysis/README.md). */
export interface Labelled {
  readonly name: string;
  readonly code: string;
  readonly language: CodeLanguage;
  readonly label: string | null;
  readonly imports: readonly string[];
  readonly programs: readonly string[];
  readonly network: boolean;
  readonly files: 'none' | 'read' | 'write' | 'both';
  readonly band: RiskBand;
  readonly endless: boolean;
  readonly pure: boolean;
  readonly isAsync: boolean;
}

const FOLDER = join(import.meta.dirname, '../../tests/fixtures/analysis');
const list = (text: string | undefined): string[] => (text ? text.split(',').sort() : []);

function parseBlock(block: string, fileLanguage: string): Labelled {
  const end = block.indexOf('\n');
  const [name = '', ...parts] = block
    .slice(0, end)
    .split(';')
    .map((part) => part.trim());
  const labels = new Map(
    parts
      .filter((part) => part !== '')
      .map((part) => {
        const at = part.indexOf('=');
        if (at < 0) throw new Error(`${name}: ${part} is no label`);
        return [part.slice(0, at), part.slice(at + 1)] as const;
      }),
  );
  const language = (labels.get('lang') ?? fileLanguage) as CodeLanguage;
  return {
    name: `${fileLanguage}: ${name}`,
    code: block.slice(end + 1),
    language,
    label: labels.get('label') ?? null,
    imports: list(labels.get('imports')),
    programs: list(labels.get('programs')),
    network: labels.get('net') === 'yes',
    files: (labels.get('files') ?? 'none') as Labelled['files'],
    band: (labels.get('band') ?? 'low') as RiskBand,
    endless: labels.get('endless') === 'yes',
    pure: labels.get('pure') === 'yes',
    isAsync: labels.get('async') === 'yes',
  };
}

/** The whole labelled set, in the order of files and blocks. */
export function readLabelled(): Labelled[] {
  return globSync('*.txt', { cwd: FOLDER })
    .sort()
    .flatMap((file) => parseBlocks(readFileSync(join(FOLDER, file), 'utf8'), basename(file, '.txt')));
}

/** The blocks of one file. */
export function parseBlocks(text: string, fileLanguage: string): Labelled[] {
  return `\n${text}`
    .split('\n=== ')
    .slice(1)
    .map((block) => parseBlock(block, fileLanguage));
}
