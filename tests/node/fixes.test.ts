import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLuaRunner } from '../../src/runners/lua/index.ts';
import { readBrokenSnippets } from '../support/analysis/broken-snippets.ts';
import { openJavaScript } from '../support/javascript/open-javascript.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { openInNode, type TestSession } from '../support/kit/open-node.ts';
import { openPython } from '../support/python/open-session.ts';

/** Suggested fixes before the judge who counts: the language's own engine. */
const snippets = readBrokenSnippets();
const sessions: Record<string, TestSession> = {};
const engineOf = (language: string): TestSession => {
  const session = sessions[language === 'typescript' ? 'javascript' : language];
  if (session === undefined) throw new Error(`no engine for ${language}`);
  return session;
};

beforeAll(async () => {
  sessions['python'] = await openPython('base');
  sessions['javascript'] = await openJavaScript();
  sessions['lua'] = await openInNode(createLuaRunner({ source: nodeSource('lua') }));
});
afterAll(() => {
  for (const session of Object.values(sessions)) session.dispose();
});

describe('a broken snippet', () => {
  test.each(snippets.map((snippet) => [`${snippet.language}: ${snippet.broken}`, snippet] as const))(
    'is refused by its engine, and its fix is read: %s',
    async (_title, { language, broken, fixed, as = language }) => {
      const refused = await engineOf(language).session.validate(broken, language);
      expect(refused).toMatchObject({
        ok: false,
        error: { code: expect.stringMatching(/^(python|js|lua)\/syntax-error$/u) },
      });
      expect(await engineOf(as).session.validate(fixed, as)).toMatchObject({ ok: true });
    },
  );
});
