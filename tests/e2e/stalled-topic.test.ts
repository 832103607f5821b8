import { expect, it } from 'vitest';
import { finishedCard, turnEnded } from '../support/browsers/index.ts';
import { chatInChromium } from '../support/chat-in-chromium.ts';
import { onlyCard } from '../support/page-forms.ts';
import { defaultOptions, type SiteOptions } from '../support/site/index.ts';

const chat = chatInChromium({}, { startsSmall: true });

const stalls = { transport: 'stall-then-resume', callForm: 'appended', speed: 'quick' } as const;
const ways: readonly Partial<SiteOptions>[] = [
  stalls,
  { ...stalls, renderer: 'legacy', topicName: 'conv-turn-low-ttl' },
  { ...stalls, turnBase: 'backend-alt' },
  { turnBase: 'backend-alt', renderer: 'legacy' },
  { turnBase: 'backend-alt', transport: 'cut', callForm: 'appended' },
  { turnBase: 'feed' },
  { callRecipient: 'python.exec' },
  { shape: 'items', callForm: 'appended', speed: 'quick' },
  { transport: 'cut-inside-event', callForm: 'appended' },
];

it.each(ways.map((way) => [JSON.stringify(way), way] as const))(
  'a call runs by itself and once with %s',
  async (_, way) => {
    const page = await chat.play('hello', { ...defaultOptions, ...way });
    await turnEnded(page);
    expect(await onlyCard(page)).toBe('hello from Python\n');
  },
);

it('a turn whose topic stalls is asked for by the number of items that came', async () => {
  const page = await chat.play('chart', { ...defaultOptions, ...stalls });
  await turnEnded(page);
  await finishedCard(page);
  const asked = chat.site.log.filter(({ path }) => path === '/backend-api/f/conversation/resume').at(-1);
  expect((JSON.parse(asked?.body ?? '{}') as { offset: number }).offset).toBeGreaterThan(0);
});
