import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readBrokenSnippets } from '../../../tests/support/analysis/broken-snippets.ts';
import { readSnippets } from '../../../tests/support/lua/snippets.ts';
import { snippetGroups } from '../../../tests/support/python/snippets.ts';
import { suggestFixes } from './suggest-fixes.ts';

const broken = readBrokenSnippets();
const JAVASCRIPT = join(import.meta.dirname, '../../../tests/fixtures/javascript');

describe('code as chats break it', () => {
  test('is a set of at least 40', () => expect(broken.length).toBeGreaterThanOrEqual(40));

  test.each(broken.map((snippet) => [`${snippet.language}: ${snippet.title}`, snippet] as const))(
    '%s',
    (_title, { language, broken: code, fixed, title, as = language }) => {
      expect(suggestFixes(code, language)[0]).toEqual({ title, code: fixed, language: as });
    },
  );

  test.each(broken.map((snippet) => [`${snippet.language}: ${snippet.title}`, snippet] as const))(
    '%s: what comes out is left alone',
    (_title, { language, fixed, as = language }) => expect(suggestFixes(fixed, as)).toEqual([]),
  );
});

describe('code that its language reads', () => {
  test('is left alone: programs of the Python suite', () => {
    const whole = snippetGroups
      .flatMap(([, snippets]) => snippets)
      .filter(({ expect: { error } }) => !/^(Syntax|Indentation|Tab)Error$/u.test(error?.title ?? ''));
    expect(whole.length).toBeGreaterThan(50);
    expect(whole.filter(({ code }) => suggestFixes(code, 'python').length > 0).map(({ name }) => name)).toEqual([]);
  });

  test('is left alone: programs of the JavaScript suite', () => {
    const names = readdirSync(JAVASCRIPT).filter((name) => /\.(?:mjs|cjs|typescript)$/u.test(name));
    const languageOf = (name: string) => (name.endsWith('.typescript') ? 'typescript' : 'javascript');
    const touched = names.filter(
      (name) => suggestFixes(readFileSync(join(JAVASCRIPT, name), 'utf8'), languageOf(name)).length > 0,
    );
    expect(touched).toEqual([]);
  });

  test('is left alone: programs of the Lua suite', () => {
    const whole = readSnippets().filter(({ error }) => error === null);
    expect(whole.length).toBeGreaterThan(20);
    expect(whole.filter(({ code }) => suggestFixes(code, 'lua').length > 0).map(({ name }) => name)).toEqual([]);
  });
});

test.each([
  ['prose', 'hello, this is what I think about it\n', 'python'],
  ['a language without a grammar', 'fn main() {', 'rust'],
  ['nothing', '', 'python'],
  ['very long code', `print("a"\n${'x = 1\n'.repeat(10_000)}`, 'python'],
] as const)('%s has no fix', (_name, code, language) => expect(suggestFixes(code, language)).toEqual([]));
