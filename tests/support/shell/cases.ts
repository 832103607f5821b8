import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FIXTURES = join(import.meta.dirname, '../../fixtures/shell');
const CASES = join(FIXTURES, 'cases');
export const RECORDED = join(FIXTURES, 'recorded');

/** A script and what it reads. */
export interface ShellCase {
  readonly topic: string;
  readonly title: string;
  readonly code: string;
  readonly stdin: string;
  /** Where it runs: an empty folder, the same path everywhere. */
  readonly folder: string;
}

/** Text; or, of much, its size and sum. */
export type Shown = string | { readonly bytes: number; readonly sha256: string };
/** The same, or bytes that are no text. */
export type Said = Shown | { readonly base64: string };

/** What came of a case. */
export interface Answer<Output = Said> {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly exitCode: number;
}

/** All that a case may depend on; what a place adds is its PATH. */
export const CASE_ENV = {
  LANG: 'C.UTF-8',
  TZ: 'UTC',
  TERM: 'dumb',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_AUTHOR_DATE: '2026-01-02T03:04:05Z',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
  GIT_COMMITTER_DATE: '2026-01-02T03:04:05Z',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CEILING_DIRECTORIES: '/tmp',
} as const;

export const CASES_FOLDER = '/tmp/shell';
const INPUT = '#@stdin';
const KEPT_BYTES = 4_096;

/** Reads tests/fixtures/shell/cases: `#@ title`, lines of input behind `#@stdin`, the script. */
export function readCases(): ShellCase[] {
  return readdirSync(CASES)
    .sort()
    .flatMap((file) => {
      const topic = file.replace(/\.sh$/u, '');
      const parts = readFileSync(join(CASES, file), 'utf8').split(/^#@ /mu).slice(1);
      return parts.map((part) => readCase(topic, part));
    });
}

function readCase(topic: string, part: string): ShellCase {
  const [title = '', ...lines] = part.trimEnd().split('\n');
  const input = lines.filter((line) => line.startsWith(INPUT)).map((line) => `${line.slice(INPUT.length + 1)}\n`);
  const code = lines.filter((line) => !line.startsWith(INPUT)).join('\n');
  const place = `${topic} ${title}`.replaceAll(/[^a-z0-9]+/giu, '-').toLowerCase();
  return { topic, title, code, stdin: input.join(''), folder: `${CASES_FOLDER}/${place}` };
}

const sumOf = (bytes: Uint8Array): Shown => ({
  bytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});

/** Output as it is kept. */
export function said(bytes: Uint8Array): Said {
  if (bytes.length > KEPT_BYTES) return sumOf(bytes);
  const buffer = Buffer.from(bytes);
  const text = buffer.toString('utf8');
  return Buffer.from(text, 'utf8').equals(buffer) ? text : { base64: buffer.toString('base64') };
}

/** Output that was text from the beginning. */
export function shown(text: string): Shown {
  const bytes = Buffer.from(text, 'utf8');
  return bytes.length > KEPT_BYTES ? sumOf(bytes) : text;
}

/** Before an error in a text that bash cannot read, given to it as a whole. */
const WHOLE_TEXT = /^bash: -c: /gmu;

/**
 * An answer as the product would show it: as text, with U+FFFD where bytes are none. A session's bash goes on with the next program, so
 * it evaluates each, and names that.
 */
export function asShown({ stdout, stderr, exitCode }: Answer): Answer<Shown> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const textOf = (output: Said): Shown =>
    typeof output === 'object' && 'base64' in output ? decoder.decode(Buffer.from(output.base64, 'base64')) : output;
  const errors = textOf(stderr);
  return {
    stdout: textOf(stdout),
    stderr: typeof errors === 'string' ? errors.replaceAll(WHOLE_TEXT, 'bash: eval: ') : errors,
    exitCode,
  };
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(join(FIXTURES, path), 'utf8'));

/** What was recorded of a topic, by title. */
export function readRecorded(topic: string): Readonly<Record<string, Answer>> {
  return readJson(`recorded/${topic}.json`) as Record<string, Answer>;
}

/** The packages of the Debian that answered, with their versions. */
export function readRecordedPackages(): Readonly<Record<string, string>> {
  return readJson('recorded/packages.json') as Record<string, string>;
}

/** What the full image answers otherwise, by `topic: title`, each with the reason. */
export function readAccepted(): Readonly<Record<string, string>> {
  return readJson('full-image.json') as Record<string, string>;
}

export const nameOf = ({ topic, title }: ShellCase): string => `${topic}: ${title}`;
