import { expect, test } from 'vitest';
import { openSettings, type SettingsStorage } from './open-settings.ts';
import { DEFAULT_SETTINGS } from '../contracts/default-settings.ts';
import { plainRules } from './plain-rules.ts';
import { checkedRules, parseStored } from './stored-settings.ts';

function memoryStorage(first?: unknown) {
  const values = new Map<string, unknown>(first === undefined ? [] : [['settings', first]]);
  const listeners = new Set<(value: unknown) => void>();
  const storage: SettingsStorage = {
    read: async (key) => values.get(key),
    write: async (key, value) => {
      values.set(key, structuredClone(value));
      for (const listener of listeners) listener(value);
    },
    onChange: (_key, listener) => void listeners.add(listener),
  };
  return { storage, values };
}
const { signal } = new AbortController();

test('starts with the defaults and keeps what was set for the next opening', async () => {
  const { storage } = memoryStorage();
  const settings = await openSettings({ signal, rules: checkedRules, storage });
  expect(settings.get()).toMatchObject({ isOn: true, startCalls: 'auto', runTimeMs: 30_000 });
  expect(await settings.set({ isOn: false })).toEqual({ ok: true, value: null });
  expect(settings.get().isOn).toBe(false);
  expect((await openSettings({ signal, rules: checkedRules, storage })).get().isOn).toBe(false);
});

test('refuses a value out of its bounds and changes nothing', async () => {
  const { storage, values } = memoryStorage();
  const settings = await openSettings({ signal, rules: checkedRules, storage });
  const answer = await settings.set({ runTimeMs: 5, isOn: false });
  expect(answer).toMatchObject({ ok: false, error: { code: 'settings/bad-value', detail: 'runTimeMs' } });
  expect(settings.get().isOn).toBe(true);
  expect(values.size).toBe(0);
});

test('two changes at once are both kept', async () => {
  const { storage } = memoryStorage();
  const one = await openSettings({ signal, rules: checkedRules, storage });
  await Promise.all([one.set({ isOn: false }), one.set({ runTimeMs: 60_000 })]);
  expect(one.get()).toMatchObject({ isOn: false, runTimeMs: 60_000 });
});

test('tells listeners of changes made elsewhere until their signal', async () => {
  const { storage } = memoryStorage();
  const here = await openSettings({ signal, rules: checkedRules, storage });
  const there = await openSettings({ signal, rules: checkedRules, storage });
  const heard: boolean[] = [];
  const until = new AbortController();
  here.onChange((settings) => heard.push(settings.isOn), { signal: until.signal });
  await there.set({ isOn: false });
  until.abort();
  await there.set({ isOn: true });
  expect(heard).toEqual([false]);
  expect(here.get().isOn).toBe(true);
});

test.each([undefined, null, 3, 'x', [], { values: null }, { version: 1, values: { isOn: 'yes', runTimeMs: -1 } }])(
  'reads nonsense %j as the defaults',
  (stored) => {
    expect(parseStored(stored)).toEqual(parseStored(undefined));
  },
);

test('one bad value does not cost the others', () => {
  expect(parseStored({ version: 1, values: { isOn: false, runTimeMs: 'soon', unknown: 1 } })).toMatchObject({
    isOn: false,
    runTimeMs: 30_000,
  });
});

test('the rules without the schema read what was stored well as those with it do', async () => {
  expect(DEFAULT_SETTINGS).toEqual(parseStored(undefined));
  const { storage, values } = memoryStorage();
  const settings = await openSettings({ signal, rules: checkedRules, storage });
  await settings.set({ isOn: false, runTimeMs: 60_000, places: { lua: 'remote' } });
  for (const stored of [values.get('settings'), undefined, 7, { values: null }, { values: { runTimeMs: 'x', a: 1 } }])
    expect(plainRules.parse(stored)).toEqual(parseStored(stored));
});
