import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { BackgroundRequest } from '../platform/index.ts';
import { createFakeSettings } from '../../tests/support/fake-settings-door.ts';

type Heard = (message: unknown, sender: object, reply: (answer: unknown) => void) => unknown;

const ORIGIN = 'chrome-extension://own';
const tabs: { readonly documentUrl: string; readonly active: boolean }[] = [];
const listeners = new Set<Heard>();

/** Tabs and messages, and no hidden documents: some Chromium forks on phones are such a browser. */
const played = {
  runtime: {
    id: 'own',
    getURL: (path: string) => `${ORIGIN}${path}`,
    getContexts: async ({ contextTypes }: { readonly contextTypes: readonly string[] }) =>
      contextTypes.includes('TAB') ? [...tabs] : [],
    sendMessage: async (message: unknown) =>
      new Promise((resolve, reject) => {
        const answers = [...listeners].map((heard) => heard(message, { id: 'own', origin: ORIGIN }, resolve));
        if (!answers.includes(true)) reject(new Error('nobody answers'));
      }),
    onMessage: {
      addListener: (heard: Heard) => void listeners.add(heard),
      removeListener: (heard: Heard) => void listeners.delete(heard),
    },
  },
  tabs: {
    create: async ({ url, active }: { readonly url: string; readonly active: boolean }) =>
      void tabs.push({ documentUrl: url, active }),
  },
};

// The browser's API is looked for when platform is loaded.
vi.stubGlobal('chrome', played);
const { launchHostOnDemand } = await import('./launch-host.ts');
const { askBackground, onHostChoices } = await import('../platform/index.ts');

let life: AbortController;
beforeEach(() => {
  tabs.length = 0;
  life = new AbortController();
});
afterEach(() => {
  life.abort();
  expect(listeners.size).toBe(0);
});

function launch() {
  const settings = createFakeSettings({ runTimeMs: 60_000 });
  launchHostOnDemand({ settings: Promise.resolve(settings), signal: life.signal });
  return settings;
}

it('without hidden documents the host is one tab behind the others, whose address says what was chosen', async () => {
  const settings = launch();
  expect(await askBackground('ensure-host')).toBe('opened');
  expect(await askBackground('ensure-host')).toBe('found');
  expect(tabs.map(({ active }) => active)).toEqual([false]);
  const { pathname, searchParams } = new URL(tabs[0]?.documentUrl ?? '');
  expect(pathname).toBe('/offscreen.html');
  expect(JSON.parse(searchParams.get('settings') ?? '')).toEqual(settings.get());
});

it('a host that is started for a shell is told so in its address, and no other', async () => {
  launch();
  const first = async (request: BackgroundRequest): Promise<string | null> => {
    tabs.length = 0;
    await askBackground(request);
    return new URL(tabs[0]?.documentUrl ?? '').searchParams.get('first');
  };
  expect(await first('ensure-host-for-shell')).toBe('shell');
  expect(await first('ensure-host')).toBeNull();
});

it('what no page of ours asks is left to other listeners', async () => {
  launch();
  expect(await askBackground('ensure-anything' as BackgroundRequest)).toBeNull();
  expect(tabs).toEqual([]);
});

it('other pages of ours in tabs are no host', async () => {
  launch();
  tabs.push({ documentUrl: `${ORIGIN}/popup.html?tab=3`, active: true });
  expect(await askBackground('ensure-host')).toBe('opened');
  expect(tabs).toHaveLength(2);
});

it('two that ask at once get one tab', async () => {
  launch();
  expect(await Promise.all([askBackground('ensure-host'), askBackground('ensure-host')])).toEqual(['opened', 'opened']);
  expect(tabs).toHaveLength(1);
});

it('the host in a tab is told what a person changes', async () => {
  const heard: unknown[] = [];
  onHostChoices((choices) => heard.push(choices), { signal: life.signal });
  const settings = launch();
  await askBackground('ensure-host');
  await settings.set({ isOn: false });
  expect(heard.at(-1)).toEqual({ settings: settings.get() });
});

it('a background that ended opens nothing', async () => {
  launch();
  life.abort();
  expect(await askBackground('ensure-host')).toBeNull();
  expect(tabs).toEqual([]);
});
