// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest';
import { createFakeRunsDoor } from '../../../tests/support/fake-runs-door.ts';
import { createFakeSettings } from '../../../tests/support/fake-settings-door.ts';
import { fail, ok } from '../../base/index.ts';
import { DEFAULT_SETTINGS } from '../../contracts/default-settings.ts';
import type { PageReport } from '../../contracts/doors/page-report.ts';
import { appError } from '../../contracts/errors.ts';
import type { SessionChoices } from '../../contracts/selection.ts';
import type { Settings } from '../../contracts/settings.ts';
import { vouchFor } from '../kit/trusted-press.ts';
import { hitRate } from './cache-part.tsx';
import { mountPopup, type PopupDoors } from './mount.tsx';

/** Long enough for a machine with much else to do. */
const until = <T>(holds: () => T): Promise<T> => vi.waitFor(holds, { timeout: 60_000, interval: 10 });

let ended = new AbortController();
afterEach(() => {
  ended.abort();
  ended = new AbortController();
  document.body.replaceChildren();
});

const page = { sessionId: 'chat', health: {}, missingLandmarks: [] } as unknown as PageReport;
const unavailable = async () => fail(appError('host/unavailable'));
const capability = {
  runner: 'r',
  keepsVariables: true,
  readsInput: true,
  showsFigures: true,
  hostFunctions: true,
  network: true,
};

function open(patch: Partial<Settings> = {}) {
  const settings = createFakeSettings(patch);
  const host = {
    places: { python: 'onDevice' } as SessionChoices['places'],
    limits: { runTimeMs: 90_000, otherMemoryMB: 512 } as SessionChoices['limits'],
    commands: ['make', './run.sh'] as readonly string[],
    entries: 3,
    json: '',
    chosen: [] as unknown[],
  };
  const engine: PopupDoors['engine'] = {
    meter: unavailable,
    machineMeter: unavailable,
    network: unavailable,
    allowHosts: unavailable,
    egressLog: unavailable,
    clearEgressLog: unavailable,
    countFiles: unavailable,
    exportZip: unavailable,
    importZip: unavailable,
    readPiece: unavailable,
    saveMachine: unavailable,
    capabilities: async () =>
      ok([
        { language: 'python', memoryMB: 256, cannot: [], ...capability },
        { language: 'lua', memoryMB: 128, cannot: [], ...capability },
      ]),
    sessionChoices: async () => ok({ places: host.places, limits: host.limits, commands: host.commands }),
    cacheStatus: async () =>
      ok([
        { name: 'memory', bytes: 2_048, mostBytes: 64 * 1_048_576, entries: host.entries, hits: 3, misses: 7 },
        { name: 'storage', bytes: 0, mostBytes: 1_024, entries: 0, hits: 2, misses: 5 },
      ]),
    clearCache: async () => {
      host.entries = 0;
      return ok(null);
    },
    analysisOptions: async () => ok({ json: host.json }),
    setAnalysisOptions: async ({ json }) => {
      if (json.includes('bad')) return fail(appError('settings/bad-value', 'ownRules.0.id: too short'));
      host.json = json;
      return ok(null);
    },
  };
  const runs: PopupDoors['runs'] = {
    ...createFakeRunsDoor(),
    choose: async ({ place, limits, commands }) => {
      if (commands === null) host.commands = [];
      else if (limits?.runTimeMs === null) host.limits = { otherMemoryMB: 512 };
      else {
        host.chosen.push(place);
        host.places = {};
      }
      return ok(null);
    },
  };
  const place = document.body.appendChild(document.createElement('div'));
  mountPopup(
    place,
    { runs, engine, settings, page: { report: async () => ok(page), recording: async () => ok([]) } },
    {
      files: 'here',
      openTab: async () => undefined,
      openTerminals: async () => undefined,
      openFolder: async () => undefined,
      requestHostAccess: async () => true,
      signal: ended.signal,
    },
  );
  const find = <E extends Element = HTMLElement>(selector: string) => {
    const found = place.querySelector<E>(selector);
    if (found === null) throw new Error(`nothing is ${selector}`);
    return found;
  };
  const later = <E extends Element = HTMLElement>(selector: string) => until(() => find<E>(selector));
  const unfold = () => {
    const details = find<HTMLDetailsElement>('[data-part="more-settings"]');
    details.open = true;
    details.dispatchEvent(new Event('toggle'));
    return later('.more');
  };
  return { settings, host, place, find, later, unfold };
}

const field = (name: string) => `[data-setting="${name}"]`;

function write(element: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement, value: string): void {
  element.value = value;
  element.dispatchEvent(new Event('input', { bubbles: true }));
  element.dispatchEvent(new Event('change', { bubbles: true }));
}
function press(element: HTMLElement): void {
  const event = new MouseEvent('click', { bubbles: true });
  vouchFor(event);
  element.dispatchEvent(event);
}

test('every setting has a field, those of few people only once the details are open', async () => {
  const { place, unfold, later } = open();
  const named = () =>
    [...place.querySelectorAll('[data-setting]')].map((element) => element.getAttribute('data-setting'));
  expect(named()).toEqual(['isOn', 'startCalls', 'thinkingCalls', 'runTimeMs', 'pythonMemoryMB']);
  await unfold();
  await later(field('place-lua'));
  const settings = Object.keys(DEFAULT_SETTINGS).filter((name) => name !== 'places');
  expect(named()).toEqual(expect.arrayContaining([...settings, 'place-python', 'place-lua']));
});

test.each([
  ['otherMemoryMB', '512', 512],
  ['runsAtOnce', '2', 2],
  ['poolMB', '1024', 1024],
  ['queueStrategy', 'concurrent', 'concurrent'],
  ['sessionIdleMs', '20', 1_200_000],
  ['networkMB', '5', 5],
  ['hereTimeMs', '90', 90_000],
  ['hereMemoryMB', '64', 64],
  ['pythonStart', 'base', 'base'],
] as const)('%s is kept as it was set', async (name, typed, kept) => {
  const { settings, find, unfold } = open();
  await unfold();
  write(find<HTMLInputElement>(field(name)), typed);
  await until(() => expect(settings.get()[name]).toBe(kept));
});

test.each(['15', '1025', '16.5', ''])(
  'a value that is none, as %j, is not kept: the field says what to do, and keeps what was typed',
  async (typed) => {
    const { settings, find, unfold } = open();
    await unfold();
    const memory = find<HTMLInputElement>(field('otherMemoryMB'));
    write(memory, typed);
    await until(() =>
      expect(find('[data-wrong="otherMemoryMB"]').textContent).toBe('Not kept. Enter a whole number from 16 to 1,024.'),
    );
    expect(memory.getAttribute('aria-invalid')).toBe('true');
    expect(settings.get().otherMemoryMB).toBe(128);
    // Drawn anew for another reason, the popup leaves it.
    await settings.set({ isOn: false });
    await until(() => expect(find<HTMLInputElement>(field('isOn')).checked).toBe(false));
    expect(memory.value).toBe(typed);
    write(memory, '64');
    await until(() => expect(settings.get().otherMemoryMB).toBe(64));
    expect(find('[data-wrong="otherMemoryMB"]').textContent).toBe('');
  },
);

test('a switch that cannot be kept says so, wherever it stands', async () => {
  const { settings, place, find } = open();
  const flip = (name: string) => {
    const box = find<HTMLInputElement>(field(name));
    box.checked = !box.checked;
    box.dispatchEvent(new Event('input', { bubbles: true }));
    box.dispatchEvent(new Event('change', { bubbles: true }));
  };
  const alerts = () => [...place.querySelectorAll('[data-part="settings-problem"]')].map((one) => one.textContent);
  const set = vi.spyOn(settings, 'set');
  set.mockRejectedValue(new DOMException('full', 'QuotaExceededError'));
  flip('isOn');
  await until(() => expect(alerts()).toEqual(['The browser could not keep this. Try again.', '']));
  set.mockResolvedValue(ok(null));
  flip('isOn');
  await until(() => expect(alerts()).toEqual(['', '']));
  set.mockRejectedValue(new DOMException('full', 'QuotaExceededError'));
  flip('startCalls');
  await until(() => expect(alerts()).toEqual(['', 'The browser could not keep this. Try again.']));
});

test('a place for a language is set beside those of others, and taken back', async () => {
  const { settings, later, unfold } = open({ places: { python: 'remote' } });
  await unfold();
  expect((await later<HTMLSelectElement>(field('place-python'))).value).toBe('remote');
  const lua = await later<HTMLSelectElement>(field('place-lua'));
  write(lua, 'onDevice');
  await until(() => expect(settings.get().places).toEqual({ python: 'remote', lua: 'onDevice' }));
  write(lua, 'unset');
  await until(() => expect(settings.get().places).toEqual({ python: 'remote' }));
});

test('what was chosen for the conversation is a row that can be taken back', async () => {
  const { host, later, find, place, unfold } = open();
  await unfold();
  const row = await later('[data-chosen="python"]');
  expect(row.textContent).toContain('Python: always here');
  press(find('[data-action="take-back"]'));
  await until(() => expect(place.querySelector('[data-chosen="python"]')).toBeNull());
  expect(host.chosen).toEqual([{ language: 'python', place: null }]);
  expect(find('[data-part="places-note"]').textContent).toBe('Python: asks again when in doubt.');
});

test('a limit of the conversation’s own is a row that can be taken back', async () => {
  const { later, find, place, unfold } = open();
  await unfold();
  expect((await later('[data-chosen="runTimeMs"]')).textContent).toContain('Time for one run: 1 min 30 s');
  expect(find('[data-chosen="otherMemoryMB"]').textContent).toContain('Memory for other languages: 512 MB');
  press(find('[data-chosen="runTimeMs"] [data-action="take-back"]'));
  await until(() => expect(place.querySelector('[data-chosen="runTimeMs"]')).toBeNull());
  expect(find('[data-chosen="otherMemoryMB"]')).not.toBeNull();
  expect(find('[data-part="places-note"]').textContent).toBe('Time for one run: as set for all conversations.');
});

test('commands that were allowed for the conversation are named, and can be taken back', async () => {
  const { later, find, place, unfold } = open();
  await unfold();
  const row = await later('[data-part="allowed-commands"]');
  expect(row.textContent).toContain('make, ./run.sh');
  press(find('[data-action="ask-again"]'));
  await until(() => expect(place.querySelector('[data-part="allowed-commands"]')).toBeNull());
  expect(find('[data-part="places-note"]').textContent).toBe('Commands outside of the list are asked about again.');
});

test('the cache says what it holds and how often it served, is switched off, and cleared', async () => {
  const { settings, later, find, unfold } = open();
  await unfold();
  expect((await later('[data-tier="memory"]')).textContent).toBe('3 · 2 kB of 64 MB');
  expect(find('[data-part="hit-rate"]').textContent).toBe('5 of 10 (50 %)');
  find<HTMLInputElement>(field('usesCache')).click();
  await until(() => expect(settings.get().usesCache).toBe(false));
  press(find('[data-action="clear-cache"]'));
  await later('[data-tier="memory"][data-entries="0"]');
  expect(find('[data-part="cache-note"]').textContent).toBe('All kept results are gone.');
  expect(hitRate([])).toEqual({ found: 0, asked: 0 });
});

test('rules of one’s own are kept where they are good; bad ones say why and stay in the field', async () => {
  const { host, find, later, unfold } = open();
  host.json = '{"highFrom": 60}';
  await unfold();
  const rules = await later<HTMLTextAreaElement>('[data-part="rules-field"]:not([disabled])');
  expect(rules.value).toBe('{"highFrom": 60}');
  write(rules, 'bad');
  press(find('[data-action="save-rules"]'));
  await until(() => expect(find('[data-part="rules-wrong"]').textContent).toContain('ownRules.0.id: too short'));
  expect(rules.value).toBe('bad');
  expect(rules.getAttribute('aria-invalid')).toBe('true');
  expect(host.json).toBe('{"highFrom": 60}');
  write(rules, 'better');
  await until(() => expect(rules.getAttribute('aria-invalid')).toBe('false'));
  expect(find('[data-part="rules-wrong"]').textContent).toBe('');
  write(rules, '');
  press(await later('[data-action="rules-example"]'));
  await until(() => expect(rules.value).toContain('"ownRules"'));
  press(find('[data-action="save-rules"]'));
  await until(() => expect(find('[data-part="rules-note"]').textContent).toContain('Saved.'));
  expect(host.json).toBe(rules.value);
  expect(find('[data-part="rules-wrong"]').textContent).toBe('');
});
