import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { childEnvironment } from '../run-step.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const PAGE = 'docs/threat-model.md';
const HEADING = '## Every attack test by its name\n';

const listSchema = z.array(z.object({ name: z.string(), file: z.string() }));

/** One test of tests/security, as vitest names it: groups and title are parted by ` > `. */
export interface AttackTest {
  readonly file: string;
  readonly name: string;
}

/** Every test of tests/security, those of the whole run too. Their files are run, not only read: tables of tests have their titles from programs. */
export async function listAttackTests(): Promise<readonly AttackTest[]> {
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const folder = mkdtempSync(join(tmpdir(), 'attacks-'));
  try {
    const list = join(folder, 'list.json');
    // All files in the same workers: none is run, and what they import is read once and not eighty times.
    const args = [vitest, 'list', 'tests/security', '--no-static-parse', '--no-isolate', `--json=${list}`];
    await promisify(execFile)(process.execPath, args, {
      cwd: ROOT,
      env: { ...childEnvironment(), COMPANION_TESTS: 'whole' },
    });
    const listed = listSchema.parse(JSON.parse(readFileSync(list, 'utf8')));
    return listed.map(({ name, file }) => ({ name, file: relative(ROOT, file) }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Titles hold programs and names of files, some of them a thousand characters long. */
const LONGEST = 160;

function cell(text: string): string {
  const plain = text.replaceAll('|', String.raw`\|`).replaceAll(/\s+/gu, ' ');
  const short = plain.length > LONGEST ? `${plain.slice(0, LONGEST)}… (${plain.length} characters)` : plain;
  return /[<>*_\\]/u.test(short) ? `\`\` ${short} \`\`` : short;
}

function tableOf(file: string, tests: readonly AttackTest[]): string {
  const rows = tests.map(({ name }) => {
    const at = name.lastIndexOf(' > ');
    return at === -1 ? `| | ${cell(name)} |` : `| ${cell(name.slice(0, at))} | ${cell(name.slice(at + 3))} |`;
  });
  return `### \`${file}\`: ${tests.length}\n\n| Group | Test |\n| --- | --- |\n${rows.join('\n')}\n`;
}

/** docs/threat-model.md with its last part, the list of attack tests, made anew; what was written by hand stays. */
export function renderThreatModel(tests: readonly AttackTest[]): string {
  const page = readFileSync(join(ROOT, PAGE), 'utf8');
  const start = page.indexOf(HEADING);
  const written = start === -1 ? `${page}\n` : page.slice(0, start);
  const files = [...Map.groupBy(tests, ({ file }) => file)].sort(([one], [other]) => one.localeCompare(other, 'en'));
  return `${written}${HEADING}
Made by \`node tools/attacks-page.ts\` out of what vitest finds in \`tests/security\`; a test compares. ${tests.length} tests in ${files.length} files.
The tables above say what each route comes to; a test of a browser stands here once for each browser.

${files.map(([file, own]) => tableOf(file, own)).join('\n')}`;
}
