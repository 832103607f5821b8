import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RINGS } from '../../tools/rings.ts';
import { lineCount, read, trackedFiles } from './sources.ts';

const files = trackedFiles().filter((file) => existsSync(file));
const code = files.filter((file) => /^(src|entrypoints|tests|tools|bench)\/.*\.tsx?$/.test(file));

/** Words that say nothing of what is in a file; a part of a name is enough. */
const REFUSED_NAMES = /(^|[/.-])(utils?|helpers?|common|misc|manager|new|data|info|temp)([/.-]|$)/;

describe('layout', () => {
  it('keeps every source file within 400 lines', () => {
    const long = code.filter((file) => !/\.test\.tsx?$/.test(file) && lineCount(file) > 400);
    expect(long).toEqual([]);
  });

  it('keeps every test file within 500 lines', () => {
    const long = code.filter((file) => /\.test\.tsx?$/.test(file) && lineCount(file) > 500);
    expect(long).toEqual([]);
  });

  it('keeps entrypoints to wiring, at most 40 lines', () => {
    const long = code.filter((file) => file.startsWith('entrypoints/') && lineCount(file) > 40);
    expect(long).toEqual([]);
  });

  it('knows every folder of src', () => {
    const folders = new Set(files.filter((file) => file.startsWith('src/')).map((file) => file.split('/')[1] ?? ''));
    expect([...folders].filter((folder) => !(folder in RINGS))).toEqual([]);
  });

  it('refuses names that say nothing', () => {
    const bad = files
      .filter((file) => /^(src|entrypoints|tools|bench)\//.test(file) && !file.includes('/support/'))
      // Modules that programs import by the names that their authors gave them.
      .filter((file) => !file.startsWith('src/runners/python/packages/'))
      .filter((file) => REFUSED_NAMES.test(file.replace(/\.test\./, '.')));
    expect(bad).toEqual([]);
  });

  it('has only known top-level folders', () => {
    const known = ['entrypoints', 'src', 'public', 'tests', 'tools', 'bench', 'docs', 'findings', '.ci'];
    const folders = new Set(files.filter((file) => file.includes('/')).map((file) => file.split('/')[0] ?? ''));
    expect([...folders].filter((folder) => !known.includes(folder))).toEqual([]);
  });

  it('tracks no links: what they lead to is of one machine, and a checkout may put them over a folder', () => {
    const links = execFileSync('git', ['ls-files', '--stage'], { encoding: 'utf8' }).match(/^120000 .*$/gm);
    expect(links ?? []).toEqual([]);
  });

  it('opens every face with one sentence', () => {
    const faces = files.filter((file) => /^src\/[^/]+\/index\.tsx?$/.test(file));
    expect(faces.length).toBeGreaterThan(5);
    expect(faces.filter((file) => !/^\/\/ [A-Z].*\.\n/.test(read(file)))).toEqual([]);
  });

  it('prints the map of imports as it is', () => {
    const text = read('ARCHITECTURE.md');
    const missing = Object.entries(RINGS).filter(
      ([from, to]) => !text.includes(`| ${from} | ${to.join(', ') || 'nothing'} |`),
    );
    expect(missing).toEqual([]);
  });

  it('has every picture and page that a document names', () => {
    const pages = files.filter((file) => /^[A-Z]+\.md$/.test(file));
    const links = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map((match) => match[1] ?? ''),
    );
    expect(links.length).toBeGreaterThan(3);
    expect(links.filter((link) => !existsSync(link))).toEqual([]);
  });

  it('allows a TODO only with a date', () => {
    const open = code.filter(
      (file) => /\bTODO\b(?! \[\d{4}-\d{2}-\d{2}\]:)/.test(read(file)) && !file.startsWith('tests/architecture/'),
    );
    expect(open).toEqual([]);
    const dates = code.flatMap((file) =>
      [...read(file).matchAll(/TODO \[(\d{4}-\d{2}-\d{2})\]/g)].map((match) => match[1] ?? ''),
    );
    const today = new Date().toISOString().slice(0, 10);
    expect(dates.filter((date) => date < today)).toEqual([]);
  });

  it('switches no test off', () => {
    const off = code.filter(
      (file) => /\b(it|test|describe)\.(skip|todo|only)\b/.test(read(file)) && !file.startsWith('tests/architecture/'),
    );
    expect(off).toEqual([]);
  });

  it('lets a test make a temporary folder only where it is taken away again', () => {
    const makers = code.filter(
      (file) => (file.startsWith('tests/') || /\.test\.tsx?$/.test(file)) && /\btmpdir\b/.test(read(file)),
    );
    expect(makers.filter((file) => !file.startsWith('tests/architecture/'))).toEqual([
      'tests/support/temporary-folder.ts',
      'tests/support/test-folder.ts',
    ]);
  });

  it('names no content network', () => {
    const shipped = files.filter((file) => /^(src|entrypoints|public)\/.*\.(tsx?|html|css|json|py)$/.test(file));
    expect(shipped.filter((file) => /https?:\/\/(cdn\.|unpkg\.com|esm\.sh|[a-z.]*jsdelivr)/.test(read(file)))).toEqual(
      [],
    );
  });
});
