import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { finishedCard, readCards, sendMessage } from '../support/browsers/index.ts';
import { conversationOf, idle, openScenarios, type ScenarioWorld, shows } from '../support/scenario-world.ts';
import { designs } from '../support/whole.ts';

let world: ScenarioWorld;
beforeAll(async () => {
  world = await openScenarios();
});
afterAll(() => world.close());

describe.each(designs('legacy'))('in the %s design', (renderer) => {
  it('ten calls of one turn run in order, in one session, each in its card', async () => {
    await world.withPage({ renderer }, async (page) => {
      const runs = await world.runsDuring(async () => {
        await sendMessage(page, world.site, 'ten calls');
        await finishedCard(page, 9);
        await shows(page, 'Ten steps done.');
        await idle(page);
        await world.playMarker(page);
      });
      const expected = Array.from({ length: 10 }, (_, index) => `step ${String(index + 1)}\n`);
      expect((await readCards(page)).map(({ stdout }) => stdout)).toEqual([...expected, 'marker\n']);
      expect(runs).toHaveLength(11);
      expect(runs.every(({ outcome }) => outcome?.kind === 'completed')).toBe(true);
    });
  });

  it('shows the files that a program wrote, and a later call of the conversation reads them', async () => {
    const { site } = world;
    await world.withPage({ renderer }, async (page) => {
      await sendMessage(page, site, 'files');
      const card = await finishedCard(page);
      expect(card.artifacts.map(({ name }) => name).sort()).toEqual(['report.csv', 'report.json', 'report.md']);
      await shows(page, 'The three files are in');
      await idle(page);
      site.scene({
        name: 'read',
        prompt: 'Read.',
        title: 'Read',
        isShown: false,
        steps: [
          {
            kind: 'call',
            form: 'whole',
            code: 'print(rows[0], open("/mnt/data/report/report.csv").readline())\n',
            result: null,
          },
          { kind: 'text', channel: 'final', text: 'Read.' },
        ],
      });
      await sendMessage(page, site, 'Read it.');
      expect((await finishedCard(page, 1)).stdout).toBe("('North', 15018) region,revenue\n\n");
      await idle(page);
    });
  });

  it('a call on the socket that only names its code is answered there; the same frame in the answer is not', async () => {
    const { site } = world;
    await world.withPage({ renderer }, async (page) => {
      const before = site.responses.length;
      const runs = await world.runsDuring(async () => {
        await sendMessage(page, site, 'seed');
        await shows(page, 'In chat text the same frame does nothing');
        await site.until(() => site.responses.length > before);
        await idle(page);
        await world.playMarker(page);
      });
      const answers = site.responses.slice(before);
      expect(answers).toHaveLength(1);
      expect(answers[0]).toMatchObject({ type: 'tool_response', content: { stdout: '42\n' } });
      expect(runs).toHaveLength(2);
    });
  });
});

/** Everything that this origin keeps, as one text. */
async function keptBy(page: Page): Promise<string> {
  return await page.evaluate(async () => {
    const seen = new WeakSet();
    const asText = (value: unknown): string =>
      JSON.stringify(value, (_, part: unknown) => {
        if (part instanceof Map) return [...(part as Map<unknown, unknown>)];
        if (ArrayBuffer.isView(part)) return new TextDecoder().decode(part);
        if (part instanceof ArrayBuffer) return new TextDecoder().decode(part);
        if (typeof part === 'object' && part !== null) {
          if (seen.has(part)) return '…';
          seen.add(part);
        }
        return part;
      }) ?? '';
    const kept: string[] = [asText({ ...localStorage }), asText({ ...sessionStorage })];
    interface Area {
      get(keys: null): Promise<unknown>;
    }
    const { chrome } = globalThis as unknown as { chrome?: { storage?: Record<string, Area> } };
    for (const area of ['local', 'session', 'sync']) kept.push(asText(await chrome?.storage?.[area]?.get(null)));
    const settled = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error(request.error?.message ?? 'no answer'));
      });
    for (const { name } of await indexedDB.databases()) {
      const database = await settled(indexedDB.open(name ?? ''));
      for (const store of database.objectStoreNames) {
        const objects = database.transaction(store).objectStore(store);
        kept.push(store, asText(await settled(objects.getAllKeys())));
        kept.push(asText(await settled(database.transaction(store).objectStore(store).getAll())));
      }
      database.close();
    }
    interface Entries {
      entries(): AsyncIterable<[string, FileSystemHandle]>;
    }
    const walk = async (folder: FileSystemDirectoryHandle): Promise<void> => {
      for await (const [name, handle] of (folder as unknown as Entries).entries()) {
        kept.push(name);
        if (handle.kind === 'directory') await walk(handle as FileSystemDirectoryHandle);
        else kept.push(await (await (handle as FileSystemFileHandle).getFile()).text());
      }
    };
    await walk(await navigator.storage.getDirectory());
    for (const name of await caches.keys()) kept.push(name);
    return kept.join('\n');
  });
}

/** What the stand-in gives out as secrets, and what a signed address is known by. */
const SECRETS = /SYNTHETIC-[A-Z-]+|[?&]sig=|verify=/;

describe('what is kept', () => {
  it('holds no token, no address of a socket and no signature, after turns on every way', async () => {
    const { site, client } = world;
    for (const transport of ['inline', 'socket', 'resume', 'cut'] as const) {
      await world.withPage({ transport }, async (page) => {
        await sendMessage(page, site, 'chart');
        await finishedCard(page);
        await shows(page, 'Shall I split the bars by product as well?');
        await page.evaluate(async () => {
          const answer = await fetch('/backend-api/files/download/file_standin');
          const { download_url: address } = (await answer.json()) as { download_url: string };
          await fetch(address);
        });
        await idle(page);
        const conversation = await conversationOf(page);
        const kept = await keptBy(client.page);
        expect(kept, 'the search reaches what is kept').toContain(conversation);
        expect(kept).toContain('sales.csv');
        expect(kept.match(SECRETS)).toBeNull();
        const ofPage = await keptBy(page);
        expect(ofPage.match(SECRETS)).toBeNull();
        expect(ofPage.toLowerCase()).not.toContain('companion');
      });
    }
    // Control: the secrets were there to be kept.
    const streams = site.streams.map(({ bytes }) => bytes.toString()).join('');
    expect(streams).toMatch(SECRETS);
    expect(site.log.some(({ search }) => SECRETS.test(search))).toBe(true);
    expect(world.chromium.problems.console.filter((line) => SECRETS.test(line))).toEqual([]);
  });
});
