import { describe, expect, it } from 'vitest';
import { barTag, clickPart, finishedCard, noteOf, partWith, pressStop, turnEnded } from '../support/browsers/index.ts';
import { chatInChromium } from '../support/chat-in-chromium.ts';
import { expectBars, expectRuns, expectSent, FORMS, formNames, placeOf } from '../support/page-forms.ts';
import { awkwardAnswer, awkwardBlocks, defaultOptions, textContent, wireMessage } from '../support/site/index.ts';

const chat = chatInChromium({}, { startsSmall: true });

const SIGNS = placeOf('With signs of Markdown:');
/** Two of each kind that looks like another, and the result that composers would change. */
const SOME = [
  'The same text in Lua:',
  'In the loop:',
  'A fence in a program:',
  'In a quotation:',
  'With types:',
  'A long one:',
]
  .map(placeOf)
  .concat(SIGNS);
/** Everything that runs without a machine of its own. */
const ALL = [...awkwardBlocks.entries()].flatMap(([at, { prints, word }]) =>
  prints === null || word === 'bash' ? [] : [at],
);

describe.each(formNames)('blocks of a page: %s', (form) => {
  it('have bars where programs are, run the code of their fence, and give their result', async () => {
    const page = await chat.play('blocks 2026', { ...defaultOptions, ...FORMS[form] });
    await turnEnded(page);
    await expectBars(page);
    await expectRuns(page, form.startsWith('legacy, lines') ? ALL : SOME);
    await expectSent(page, chat.site, SIGNS);
  });
});

describe.each([
  ['legacy', { renderer: 'legacy', legacyBlocks: 'viewer-pre-br' }],
  ['app', { renderer: 'app', codeBlocks: 'editor' }],
] as const)('blocks of an old conversation in the %s design', (_design, options) => {
  it('are read from the history that the page loads', async () => {
    chat.site.set({ ...defaultOptions, ...options });
    const { id } = chat.site.remember('Every kind of block', [
      wireMessage({ id: crypto.randomUUID(), role: 'user', content: textContent('Show me.') }),
      wireMessage({
        id: crypto.randomUUID(),
        role: 'assistant',
        channel: 'final',
        endTurn: true,
        content: textContent(awkwardAnswer),
      }),
    ]);
    const page = await chat.chromium.newChatPage(`/c/${id}`);
    await expectBars(page);
    await expectRuns(page, ['In a list:', 'A long one:'].map(placeOf));
    await page.close();
  });
});

describe('beside what is no block of code', () => {
  it.each(['diagram', 'writing'])('the program of the scene "%s" has its own bar, and runs', async (scene) => {
    const page = await chat.play(scene, { ...defaultOptions, codeBlocks: 'flat' });
    await turnEnded(page);
    await page.waitForSelector(barTag);
    await clickPart(page, '[data-action="run-block"]', { host: barTag });
    const { stdout } = await finishedCard(page);
    expect(stdout).toBe(scene === 'diagram' ? 'after the drawing\n' : 'beside the report\n');
    expect(await page.$$(barTag)).toHaveLength(0);
  });
});

describe.each(['legacy', 'app'] as const)('an answer that is stopped in a block in the %s design', (renderer) => {
  it('has that block opened for editing, as a part, and runs the one before it', async () => {
    const options = {
      ...defaultOptions,
      renderer,
      codeBlocks: 'flat',
      pauseAt: ['in-answer'],
      historyLagMs: 0,
    } as const;
    const page = await chat.play('open fence', options);
    await chat.site.until(() => chat.site.pausedAt === 'in-answer');
    await pressStop(page);
    await turnEnded(page);
    await page.waitForFunction((tag) => document.querySelectorAll(tag).length === 2, {}, barTag);
    await clickPart(page, '[data-action="run-block"]', { host: barTag, index: 1 });
    const code = await partWith(page, '[data-part="code-field"]');
    expect(code.value).toContain('print("line 0")');
    expect(await noteOf(page)).toContain('only a part of this code');
    await clickPart(page, '[data-action="run-block"]', { host: barTag, index: 0 });
    expect(await finishedCard(page)).toMatchObject({ outcome: 'completed', stdout: 'whole\n' });
  });
});
