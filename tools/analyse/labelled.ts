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

interface Block {
  readonly name: string;
  readonly code: string;
  readonly labels: ReadonlyMap<string, string>;
}

/** Cuts a file into its blocks. Throws where a label has no value. */
function readBlocks(text: string): Block[] {
  return `\n${text}`
    .split('\n=== ')
    .slice(1)
    .map((block) => {
      const end = block.indexOf('\n');
      const [name = '', ...parts] = block
        .slice(0, end)
        .split(';')
        .map((part) => part.trim())
        .filter((part) => part !== '');
      const labels = parts.map((part) => {
        const at = part.indexOf('=');
        if (at < 0) throw new Error(`${name}: ${part} is no label`);
        return [part.slice(0, at), part.slice(at + 1)] as const;
      });
      return { name, code: block.slice(end + 1), labels: new Map(labels) };
    });
}

function labelledOf({ name, code, labels }: Block, fileLanguage: string): Labelled {
  const language = (labels.get('lang') ?? fileLanguage) as CodeLanguage;
  return {
    name: `${fileLanguage}: ${name}`,
    code,
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
  return readBlocks(text).map((block) => labelledOf(block, fileLanguage));
}

/** A piece of code and the hints that a careful reader would give. */
export interface LabelledHints {
  readonly name: string;
  readonly code: string;
  readonly language: CodeLanguage;
  /** `kind@line` each, in the order of the code. */
  readonly hints: readonly string[];
  /** How many of them can be put there without changing what the code does. */
  readonly sure: number;
}

/** The labelled set of hints. */
export function readLabelledHints(): LabelledHints[] {
  return readBlocks(readFileSync(join(FOLDER, 'hints', 'hints.txt'), 'utf8')).map(({ name, code, labels }) => {
    const hints = labels.get('hints');
    if (hints === undefined) throw new Error(`${name}: says nothing of hints`);
    const language = (labels.get('lang') ?? 'python') as CodeLanguage;
    return {
      name,
      code,
      language,
      hints: hints === 'none' ? [] : hints.split(','),
      sure: Number(labels.get('sure') ?? 0),
    };
  });
}
