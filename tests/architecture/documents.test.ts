import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bundledPackages } from '../../tools/bundled-packages.ts';
import { read, trackedFiles } from './sources.ts';

const files = trackedFiles().filter((file) => existsSync(file));
const code = files.filter((file) => /^(src|entrypoints|tests|tools|bench)\/.*\.tsx?$/.test(file));
const pages = files.filter((file) => file.endsWith('.md') && !file.startsWith('tests/fixtures/'));

const found = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1] ?? '');

/** The lines of a file that are comment. */
const comments = (file: string): string =>
  read(file)
    .split('\n')
    .map((line) => /(?:^|\s)(?:\/\/|\/?\*\*?) (.*)$/.exec(line)?.[1] ?? '')
    .join('\n');

/** Rules of the wire that a comment names: `rule C7`, `rules D8 to D10`, `(C5)`. */
const RULE_NAMED =
  /\brules? (?:[A-Z]\d+(?:, | to | and )?)+|\([A-Z]\d+\)|wire\.md, (?:section \d+(?:,| and) )?[A-Z]\d+/gi;
const RULE = /\b([A-Z]\d{1,2})\b/g;

describe('the rules of the wire', () => {
  const rules = new Set(found(read('docs/wire.md'), /\*\*([A-Z]\d+)\*\*/g));
  const pageRules = new Set(found(read('docs/site.md'), /\*\*([A-Z]\d+)\*\*/g));

  it('have other names than those of the page', () => {
    expect([...pageRules].filter((rule) => rules.has(rule))).toEqual([]);
  });

  it('are those that comments name', () => {
    const named = code
      .filter((file) => /^(src\/(wire|capture|interception)|tests\/support\/site|tools\/decode)\//.test(file))
      .flatMap((file) => [...comments(file).matchAll(RULE_NAMED)].flatMap(([text]) => found(text, RULE)));
    expect(named.length).toBeGreaterThan(50);
    expect([...new Set(named)].filter((rule) => !rules.has(rule) && !pageRules.has(rule))).toEqual([]);
  });

  it('are those that golden pairs check', () => {
    const pairs = readdirSync('tests/fixtures/wire').filter((file) => file.endsWith('.out.json'));
    const checked = pairs.flatMap(
      (file) => (JSON.parse(read(`tests/fixtures/wire/${file}`)) as { rules: readonly string[] }).rules,
    );
    expect([...new Set(checked)].filter((rule) => !rules.has(rule))).toEqual([]);
    expect([...rules].filter((rule) => !checked.includes(rule))).toEqual([]);
  });
});

describe('where a rule comes from', () => {
  const wire = read('docs/wire.md');
  const dateOf = new Map(
    [...wire.matchAll(/^\| (Q\d+) \|.*\| (20\d\d(?:-\d\d)?) \|$/gm)].map(([, source, date]) => [
      source ?? '',
      date ?? '',
    ]),
  );
  /** `Q1 Q7–Q9 · 2026-10 · strong`: sources, the newest of their dates, and how far to trust them. */
  const MARK = /(Q\d+(?:[ –]Q\d+)*) · (20\d\d(?:-\d\d)?) · (?:strong|fair|thin)/g;
  const OURS = /\bours · 20\d\d-\d\d/;
  const sourcesOf = (list: string): string[] =>
    list.split(' ').flatMap((part) => {
      const [first = 0, last = first] = part.split('–').map((name) => Number(name.slice(1)));
      return Array.from({ length: last - first + 1 }, (_, at) => `Q${first + at}`);
    });
  const newest = (sources: readonly string[]): string =>
    sources
      .map((source) => dateOf.get(source) ?? '?')
      .sort()
      .at(-1) ?? '';
  /** A row of a table, or an item of a list with the lines that belong to it. */
  const rules = ['docs/wire.md', 'docs/site.md'].flatMap((page) =>
    [...read(page).matchAll(/^(?:\| |- )\*\*([A-Z]\d+)\*\*.*(?:\n {2}.*)*/gm)].map(([text, name]) => ({ name, text })),
  );

  it('is said of every rule, with a date', () => {
    expect(rules.length).toBeGreaterThan(90);
    const bare = rules.filter(({ text }) => text.match(MARK) === null && !OURS.test(text));
    expect(bare.map(({ name }) => name)).toEqual([]);
  });

  it('is a source of the table, with the date of the newest', () => {
    expect(dateOf.size).toBeGreaterThan(30);
    const marks = ['docs/wire.md', 'docs/site.md'].flatMap((page) => [...read(page).matchAll(MARK)]);
    const wrong = marks.filter(([, list, date]) => newest(sourcesOf(list ?? '')) !== date).map(([mark]) => mark);
    expect(wrong).toEqual([]);
  });

  it('names every source but the checks by hand', () => {
    const cited = `${wire.split('## 15. Sources')[0]}${read('docs/site.md')}`;
    const ranges = [...cited.matchAll(/Q\d+(?:–Q\d+)?/g)].flatMap(([part]) => sourcesOf(part));
    expect([...dateOf.keys()].filter((source) => source !== 'Q0' && !ranges.includes(source))).toEqual([]);
  });
});

describe('decisions', () => {
  const names = readdirSync('docs/decisions');
  const HEADINGS = ['Context', 'Options', 'Decision', 'Consequences', 'Confirmed by'];

  it('have a number of their own, and their title has it too', () => {
    const numbers = names.map((name) => name.slice(0, 4));
    expect(numbers.filter((number, at) => numbers.indexOf(number) !== at)).toEqual([]);
    const apart = names.filter((name) => !read(`docs/decisions/${name}`).startsWith(`# ${name.slice(0, 4)} `));
    expect(apart).toEqual([]);
  });

  it.each(names)('%s has a status, a date and all its parts', (name) => {
    const text = read(`docs/decisions/${name}`);
    expect(text).toMatch(/^Status: (proposed|accepted|(accepted, .+ )?superseded by \d{4}) · \d{4}-\d{2}-\d{2}/m);
    expect(found(text, /^## (.+)$/gm).filter((heading) => HEADINGS.includes(heading))).toEqual(HEADINGS);
  });
});

describe('decisions that change others', () => {
  const statusOf = new Map(
    readdirSync('docs/decisions').map((name) => [
      name.slice(0, 4),
      found(read(`docs/decisions/${name}`), /^Status: (.+)$/gm)[0] ?? '',
    ]),
  );
  const pairs = (verb: string, say: (own: string, other: string) => string): readonly string[] =>
    [...statusOf]
      .flatMap(([own, status]) => {
        const parts = status.split(' · ').filter((part) => part.startsWith(`${verb} `));
        return parts.flatMap((part) => found(part, /\b(\d{4})\b/g)).map((other) => say(own, other));
      })
      .sort();

  it('are named where those stand, so that who reads one knows', () => {
    const changes = pairs('changes', (own, other) => `${own} changes ${other}`);
    expect(changes).toContain('0153 changes 0139');
    expect(pairs('changed by', (own, other) => `${other} changes ${own}`)).toEqual(changes);
  });
});

describe('comments and documents', () => {
  it('name pages and decisions that are here', () => {
    const decisions = new Set(readdirSync('docs/decisions').map((file) => file.slice(0, 4)));
    const missing = [...code, ...pages].flatMap((file) => {
      const text = file.endsWith('.md') ? read(file) : comments(file);
      return [
        ...found(text, /(?<![\w:/])(docs\/[\w/-]+\.md)\b/g).filter((page) => !existsSync(page)),
        ...found(text, /\bdecisions? (\d{4})\b/gi).filter((decision) => !decisions.has(decision)),
      ].map((name) => `${file}: ${name}`);
    });
    expect(missing).toEqual([]);
  });

  it('link to what is there', () => {
    const broken = pages.flatMap((page) => {
      const folder = page.includes('/') ? page.slice(0, page.lastIndexOf('/') + 1) : '';
      return found(read(page), /\]\((?!https?:|#)([^)#\s]+)/g)
        .filter((link) => !existsSync(folder + link))
        .map((link) => `${page}: ${link}`);
    });
    expect(broken).toEqual([]);
  });

  it('name every package that the extension is made of in NOTICE', () => {
    const names = bundledPackages().map(({ name }) => name);
    const notice = read('NOTICE');
    const isNamed = (name: string): boolean => new RegExp(`(^|[\\s(])${name}([\\s,.);:]|$)`, 'mi').test(notice);
    expect(names.length).toBeGreaterThan(30);
    expect(names.filter((name) => !isNamed(name))).toEqual([]);
  });
});

describe('docs/models.md', () => {
  it('answers every question of its table', () => {
    const rows = read('docs/models.md')
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .map((line) => line.split('|').map((cell) => cell.trim()));
    expect(rows.length).toBeGreaterThan(20);
    expect(rows.filter((cells) => cells.length !== 6 || cells.slice(1, -1).includes(''))).toEqual([]);
  });
});
