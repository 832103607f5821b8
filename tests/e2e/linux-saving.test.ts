import type { Page } from 'puppeteer-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { HostStatus } from '../../src/contracts/doors/runs.ts';
import { FAILURES } from '../../src/contracts/failures.ts';
import type { SessionId } from '../../src/contracts/ids.ts';
import {
  barTag,
  clickPart,
  finishedCard,
  lineWith,
  pressByKey,
  prompt,
  turnEnded,
  typeLine,
} from '../support/browsers/index.ts';
import { chatInChromium } from '../support/chat-in-chromium.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { connectRunsClient, outcomeOf, runRequest, type RunsClient, textOf } from '../support/runs-client/index.ts';

describe('the machine of a conversation', () => {
  beforeAll(needsLinuxImage);
  const world = chatInChromium({ speed: 'quick' });
  let chat: Page;
  let client: RunsClient;
  let sessionId: SessionId;

  const machines = async () => {
    const status = (await client.call('status', {})) as { readonly value: HostStatus };
    return status.value.sessions.filter(({ saved }) => saved !== null);
  };
  const run = async (code: string) => {
    const done = await client.run({ ...runRequest(code, 'any', { language: 'shell' }), sessionId });
    expect(outcomeOf(done)).toMatchObject({ kind: 'completed', exitCode: 0 });
    return done;
  };
  /** A chat page of which a block ran, so that its conversation has a machine. */
  const opened = async (): Promise<void> => {
    client = await connectRunsClient(await world.chromium.extensionPage('vendor/python/LICENCES.txt'));
    const before = (await machines()).map((machine) => machine.sessionId);
    chat = await world.play('shell', { codeBlocks: 'mixed' });
    await turnEnded(chat);
    await chat.waitForFunction((tag) => document.querySelectorAll(tag).length === 3, {}, barTag);
    await clickPart(chat, '[data-action="run-block"]', { host: barTag, index: 0 });
    await finishedCard(chat);
    const own = (await machines()).find((machine) => !before.includes(machine.sessionId));
    if (own === undefined) throw new Error('no machine');
    ({ sessionId } = own);
    expect(own.saved).toEqual({ isSaving: false, atMs: null, unsaved: null });
  };
  const savedAtMs = async () =>
    (await machines()).find((machine) => machine.sessionId === sessionId)?.saved?.atMs ?? null;
  /** What it prints in the next host, and what is said of what it goes on from. */
  const inNextHost = async (code: string) => {
    await world.chromium.endHost();
    const done = await run(code);
    const notices = done.events.flatMap(({ event }) => (event.kind === 'notice' ? [event.text] : []));
    expect(notices.join()).toMatch(/goes on as it was saved/);
    return textOf(done, 'stdout');
  };
  const shown = (popup: Page) => popup.$eval('[data-part="saved"]', (part) => part.textContent);
  const popupOf = async (): Promise<Page> => {
    const popup = await world.chromium.popupPage();
    await popup.waitForSelector('[data-action="save-machine"]:not([disabled])');
    return popup;
  };

  it('is saved by hand; when is said once it is on the disk, and it goes on after the host was ended', async () => {
    await opened();
    await run('cd /root; echo mine >note');
    const popup = await popupOf();
    expect(await shown(popup)).toBe('Linux: not saved yet');
    await pressByKey(popup, '[data-action="save-machine"]');
    await popup.waitForSelector('[data-part="machine"]:not([data-saved=""])', { timeout: 60_000 });
    expect(await shown(popup)).toMatch(/^Linux: saved \d/);
    // Ended at once: what was said is on the disk.
    expect(await inNextHost('pwd; cat note')).toBe('/root\nmine\n');
    await popup.close();
    await client.page.close();
  });

  it('is said to be in use where a terminal is open in it, and is saved once that ended, from its prompt alone', async () => {
    await opened();
    const terminal = await world.chromium.extensionPage(
      `ide.html?${new URLSearchParams({ session: sessionId }).toString()}`,
    );
    await prompt(terminal);
    await typeLine(terminal, 'cd /root; echo typed >note; sleep 1000');
    await lineWith(terminal, /sleep 1000$/);
    const popup = await popupOf();
    const pressed = async (action: string) => {
      await popup.bringToFront();
      await popup.waitForSelector(`[data-action="${action}"]:not([disabled])`);
      await pressByKey(popup, `[data-action="${action}"]`);
    };
    const isRefused = () =>
      // The words come with the first failure.
      popup.waitForFunction(
        (title) =>
          document.querySelector('[data-part="failure"][data-code="runner/in-use"]')?.textContent?.includes(title),
        { timeout: 60_000 },
        FAILURES['runner/in-use'].title,
      );
    await pressed('save-machine');
    await isRefused();
    expect(await savedAtMs()).toBeNull();
    // Nobody needs to press for it to be said.
    const later = await popupOf();
    expect(await later.$eval('[data-part="unsaved"]', (part) => part.textContent)).toContain('while a terminal');
    await later.close();
    // What runs in a terminal is not ended for it.
    await pressed('end-and-save');
    await popup.waitForFunction(() => document.querySelector('[data-part="saved"]')?.textContent === 'Saving Linux');
    await isRefused();
    expect(await savedAtMs()).toBeNull();
    await terminal.bringToFront();
    await terminal.keyboard.down('Control');
    await terminal.keyboard.press('c');
    await terminal.keyboard.up('Control');
    await typeLine(terminal, 'echo "a"gain');
    await lineWith(terminal, /^again$/);
    await pressed('end-and-save');
    await popup.waitForSelector('[data-part="machine"]:not([data-saved=""])', { timeout: 60_000 });
    expect(await popup.$('[data-part="failure"]')).toBeNull();
    await terminal.close();
    expect(await inNextHost('cat /root/note')).toBe('typed\n');
    await popup.close();
    await client.page.close();
  });

  it('is saved soon after the last page with its terminals was closed, and a reload of that goes on with its shell', async () => {
    await opened();
    const page = `ide.html?${new URLSearchParams({ session: sessionId }).toString()}`;
    const terminal = await world.chromium.extensionPage(page);
    await prompt(terminal);
    await typeLine(terminal, 'cd /root; echo typed >note; own=still; echo "do"ne');
    await lineWith(terminal, /^done$/);
    await terminal.reload();
    await lineWith(terminal, /^done$/);
    await typeLine(terminal, 'clear; echo $own""here');
    await lineWith(terminal, /^stillhere$/);
    expect(await savedAtMs()).toBeNull();
    await terminal.close();
    await expect.poll(savedAtMs, { timeout: 60_000 }).not.toBeNull();
    expect(await inNextHost('cat /root/note')).toBe('typed\n');
    await client.page.close();
  });

  it('is saved when the last tab that shows it is closed, also while it is being saved by hand', async () => {
    await opened();
    await run('cd /root; echo closed >note');
    await chat.close();
    await expect.poll(savedAtMs, { timeout: 60_000 }).not.toBeNull();
    expect(await inNextHost('pwd; cat note')).toBe('/root\nclosed\n');
    await client.page.close();
    await opened();
    await run('cd /root; echo meanwhile >note');
    const popup = await popupOf();
    await pressByKey(popup, '[data-action="save-machine"]');
    await popup.waitForFunction(() => document.querySelector('[data-part="saved"]')?.textContent === 'Saving Linux');
    await Promise.all([popup.close(), chat.close()]);
    await expect.poll(savedAtMs, { timeout: 60_000 }).not.toBeNull();
    expect(await inNextHost('pwd; cat note')).toBe('/root\nmeanwhile\n');
    await client.page.close();
  }, 300_000);
});
