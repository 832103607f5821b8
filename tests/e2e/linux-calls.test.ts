import { beforeAll, describe, expect, it } from 'vitest';
import { finishedCard, sendMessage, turnEnded } from '../support/browsers/index.ts';
import { siteInChromium } from '../support/chat-in-chromium.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { conversationOf } from '../support/scenario-world.ts';
import { defaultOptions } from '../support/site/index.ts';

const world = siteInChromium({});

describe('a call for a shell', () => {
  beforeAll(needsLinuxImage);
  it.each([
    ['shell', 'legacy'],
    ['ide', 'app'],
  ] as const)('of the tool %s starts by itself and is answered, once, in the %s design', async (tool, renderer) => {
    world.site.set({ ...defaultOptions, renderer });
    const page = await world.chromium.newChatPage();
    await sendMessage(page, world.site, 'hello');
    await finishedCard(page);
    await turnEnded(page);
    const call = {
      id: `${tool}-${renderer}`,
      type: 'tool_call',
      conversation_id: await conversationOf(page),
      content: {
        tool_name: tool,
        tool_version: 'v1.0',
        command: 'pwd; printf "%s\\n" "$((6 * 7))"; ls /nosuch',
        cwd: '/tmp',
      },
    };
    world.site.seed(call);
    world.site.seed(call);
    const card = await finishedCard(page, 1);
    expect(card).toMatchObject({ outcome: 'completed', stdout: '/tmp\n42\n' });
    const answers = () => world.site.responses.filter(({ id }) => id === call.id);
    await world.site.until(() => answers()[0]);
    expect(answers()).toMatchObject([{ content: { stdout: '/tmp\n42\n' } }]);
    await page.close();
    world.site.set(defaultOptions);
  });
});
