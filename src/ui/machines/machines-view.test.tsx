// @vitest-environment happy-dom
import { render } from 'preact';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { fail, ok } from '../../base/index.ts';
import { appError, type AppErrorCode } from '../../contracts/errors.ts';
import { FAILURES } from '../../contracts/failures.ts';
import { sessionIdOf } from '../../contracts/ids.ts';
import type { MachineStatus } from '../../contracts/machine-spec.ts';
import { readMachineText } from '../../contracts/read-machine-spec.ts';
import { learnFailures } from '../kit/index.ts';
import { jsonOf } from './machine-form.ts';
import { MachinesDialog } from './machines-view.tsx';
import { type MachinesEngine, MachinesState } from './machines-state.ts';

const CHAT = sessionIdOf('c0');
const place = document.createElement('div');
const NO_TOOLS = { offered: null, isAdded: false, lingers: false };
const USUAL: MachineStatus = { spec: null, state: 'running', savedAtMs: null };
let machines: MachineStatus[];
let chosen: string | null;
let asked: string[];
let allowed: readonly string[];
let stopFails: AppErrorCode;

/** A host that does what it is asked. */
const engine: MachinesEngine = {
  machines: async () => ok({ machines, chosen }),
  createMachine: async ({ json }) => {
    const read = readMachineText(json);
    if (read.ok) machines = [...machines, { spec: read.value.spec, state: 'stopped', savedAtMs: null }];
    return read;
  },
  chooseMachine: async ({ name }) => {
    chosen = name;
    return ok(null);
  },
  stopMachine: async ({ name, isUnsaved }) => {
    asked.push(`stop ${name ?? 'usual'}${isUnsaved ? ' unsaved' : ''}`);
    return isUnsaved ? ok(null) : fail(appError(stopFails, name ?? undefined));
  },
  restartMachine: async ({ name, keepsSaved }) => {
    asked.push(`restart ${name ?? 'usual'} ${keepsSaved ? 'from saved' : 'afresh'}`);
    return ok(null);
  },
  removeMachine: async ({ name }) => {
    machines = machines.filter(({ spec }) => spec?.name !== name);
    return ok(null);
  },
  toolPack: async () => ok(NO_TOOLS),
  addToolPack: async () => ok(NO_TOOLS),
  dropToolPack: async () => ok(NO_TOOLS),
  removeToolPack: async () => ok(NO_TOOLS),
  network: async () => ok({ origins: allowed, usedBytes: 0, sentBytes: 0, mostBytes: 1 }),
  allowHosts: async ({ hosts }) => {
    allowed = hosts;
    return ok({ origins: hosts, usedBytes: 0, sentBytes: 0, mostBytes: 1 });
  },
};

beforeAll(() => {
  learnFailures(FAILURES);
  // Presses of a script count for nothing in the product.
  Object.defineProperty(Event.prototype, 'isTrusted', { get: () => true });
});
beforeEach(async () => {
  vi.useFakeTimers();
  [machines, chosen, asked, allowed, stopFails] = [[USUAL], null, [], [], 'machine/in-use'];
  document.body.append(place);
  const state = new MachinesState(engine, CHAT, (origins) => void asked.push(`browser ${origins.join()}`));
  render(<MachinesDialog state={state} onClose={() => undefined} />, place);
  await drawn();
});
afterEach(() => {
  render(null, place);
  vi.useRealTimers();
});

const drawn = () => vi.advanceTimersByTimeAsync(50);
const find = <Kind extends HTMLElement>(selector: string): Kind => {
  const found = place.querySelector<Kind>(selector);
  if (found === null) throw new Error(`no ${selector}`);
  return found;
};
async function press(selector: string): Promise<void> {
  find(selector).click();
  await drawn();
}
async function fill(field: string, text: string): Promise<void> {
  const input = find<HTMLInputElement>(`[data-field="${field}"]`);
  input.value = text;
  input.dispatchEvent(new Event('input', { bubbles: true }));
  await drawn();
}
const says = () => place.querySelector('[data-part="machines-said"]')?.textContent ?? '';
const names = () => [...place.querySelectorAll('[data-machine]')].map((row) => row.getAttribute('data-machine'));

test('where there is none of its own it says what one is for; bounds are in the labels', async () => {
  expect(find('[data-part="none"]').textContent).toContain('Create one of your own');
  await press('[data-action="new-machine"]');
  const form = find('[data-part="machine-form"]').textContent;
  for (const bound of ['up to 890', '5–100', '16–256', 'With 256 MB it starts at once']) expect(form).toContain(bound);
});

test('one is made, used, asked about and removed', async () => {
  await press('[data-action="new-machine"]');
  await fill('name', 'big');
  await fill('memory', '512');
  await press('[data-action="create-machine"]');
  expect(says()).toContain('big is there. Its first start takes about');
  expect(place.querySelector('[data-part="machine-form"]')).toBeNull();
  await press('[data-machine="big"] [data-action="use-machine"]');
  expect(says()).toContain('big is in use');
  expect(find('[data-machine="big"]').textContent).toContain('chosen · stopped');
  await press('[data-machine="big"] [data-action="remove-machine"]');
  expect(names()).toEqual(['', 'big']);
  expect(find('.asks').textContent).toContain('Files in /mnt/data stay');
  await press('[data-action="remove-now"]');
  expect(names()).toEqual(['']);
});

test('a profile without a network is not asked about one; what a machine shows and reaches is in its row', async () => {
  await press('[data-action="new-machine"]');
  expect(place.querySelector('[data-field="network"]')).not.toBeNull();
  const image = find<HTMLSelectElement>('[data-field="image"]');
  image.value = 'alpine-dev';
  image.dispatchEvent(new Event('change', { bubbles: true }));
  await drawn();
  for (const field of ['network', 'hosts']) expect(place.querySelector(`[data-field="${field}"]`)).toBeNull();
  expect(find('[data-part="machine-form"]').textContent).toContain('This one reaches no network.');
  await fill('name', 'small');
  await press('[data-action="create-machine"]');
  expect(find('[data-machine="small"]').textContent).toContain('no network');
  await press('[data-action="new-machine"]');
  const networking = { enabled: true, allowedHosts: ['a.org'], ports: [80, 8001] };
  await fill('json', JSON.stringify({ name: 'web', image: 'python-data', networking }));
  await press('[data-action="create-machine"]');
  expect(find('[data-machine="web"]').textContent).toContain('only a.org · Preview shows only port 80, 8001');
});

test('what the host refuses is said, and what was typed stays', async () => {
  await press('[data-action="new-machine"]');
  await fill('name', 'big');
  await fill('memory', '1024');
  await press('[data-action="create-machine"]');
  expect(find('[data-code="machine/bad-spec"]').textContent).toContain('a machine can have 890 MB at most, not 1024MB');
  expect(find<HTMLInputElement>('[data-field="memory"]').value).toBe('1024');
  await press('[data-action="cancel-machine"]');
  await press('[data-machine=""] [data-action="stop-machine"]');
  expect(asked).toEqual(['stop usual']);
  expect(find('[data-code="machine/in-use"]').textContent).toContain('close its terminals');
  expect(place.querySelector('[data-action="stop-unsaved"]')).toBeNull();
});

test('one that cannot be saved is stopped as it is on a second press, and what that means is said', async () => {
  stopFails = 'runner/not-saved';
  await press('[data-machine=""] [data-action="stop-machine"]');
  expect(find('[data-code="runner/not-saved"]').textContent).toContain('It could not be saved');
  await press('[data-action="stop-unsaved"]');
  expect(asked).toEqual(['stop usual', 'stop usual unsaved']);
  expect(says()).toContain('Usual machine was stopped. When it is used it goes on as it was saved before.');
  expect(place.querySelector('[data-action="stop-unsaved"]')).toBeNull();
});

test('what a machine goes on from is asked; what was saved is let go on a second press alone, and the keys follow', async () => {
  machines = [{ ...USUAL, savedAtMs: Date.now() }];
  await vi.advanceTimersByTimeAsync(2_000);
  const words = () => find('[data-part="restart-choice"] p');
  await press('[data-machine=""] [data-action="restart-machine"]');
  expect(document.activeElement).toBe(words());
  expect(words().textContent).toContain('What came after it was saved');
  await press('[data-action="restart-saved"]');
  expect(asked).toEqual(['restart usual from saved']);
  expect(says()).toContain('goes on from what was saved');
  await press('[data-machine=""] [data-action="restart-machine"]');
  await press('[data-action="restart-unsaved"]');
  expect(document.activeElement).toBe(words());
  expect(words().textContent).toContain('is lost too');
  expect(asked).toHaveLength(1);
  await press('[data-action="restart-leave"]');
  expect(document.activeElement).toBe(find('[data-action="restart-machine"]'));
  await press('[data-action="restart-machine"]');
  await press('[data-action="restart-unsaved"]');
  await press('[data-action="restart-afresh"]');
  expect(asked[1]).toBe('restart usual afresh');
  expect(says()).toContain('begins as new');
});

test('of one that was never saved there is only the fresh start; Escape leaves it as it is', async () => {
  await press('[data-action="restart-machine"]');
  expect(place.querySelector('[data-action="restart-saved"]')).toBeNull();
  expect(find('[data-part="restart-choice"]').textContent).toContain('Nothing of it was saved');
  find('[data-part="restart-choice"] p').dispatchEvent(
    new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }),
  );
  await drawn();
  expect(place.querySelector('[data-part="restart-choice"]')).toBeNull();
  await press('[data-action="restart-machine"]');
  await press('[data-action="restart-afresh"]');
  expect(asked).toEqual(['restart usual afresh']);
});

test('hosts that it asks for are allowed by a press and not before', async () => {
  allowed = ['https://known.org'];
  await press('[data-action="new-machine"]');
  await fill('name', 'net');
  await fill('hosts', 'known.org, api.example.org');
  await press('[data-action="create-machine"]');
  expect(says()).toContain('It asks for api.example.org, which this conversation may not reach yet.');
  expect(allowed).toEqual(['https://known.org']);
  await press('[data-action="allow-hosts"]');
  expect(allowed).toEqual(['https://known.org', 'https://api.example.org']);
  expect(asked).toEqual(['browser https://api.example.org']);
});

test('the form as a spec: what is left empty is left to the profile', () => {
  const empty = { name: ' a ', image: 'alpine-dev', memory: '', cpu: '', storage: '', isNetworkOn: true } as const;
  const texts = { hosts: '', volumes: '', environment: '', json: '' };
  expect(readMachineText(jsonOf({ ...empty, ...texts }))).toMatchObject({
    ok: true,
    value: { spec: { name: 'a', memoryMB: 128, cpuShare: 1, storageMB: 64 } },
  });
  const full = {
    ...empty,
    image: 'python-data' as const,
    cpu: '50',
    hosts: 'a.org b.org',
    volumes: 'apps/web:/srv/web\n\n data : x \nkept:/opt/kept:ro',
    environment: 'A=1\nB=x=y\n',
    json: '',
  };
  expect(JSON.parse(jsonOf(full))).toMatchObject({
    resources: { cpu: '0.5' },
    networking: { enabled: true, allowedHosts: ['a.org', 'b.org'] },
    volumes: [{ source: 'apps/web', target: '/srv/web' }, { source: 'data ' }, { source: 'kept', readOnly: true }],
    environment: { A: '1', B: 'x=y' },
  });
  expect(jsonOf({ ...full, json: '{"name":"own"}' })).toBe('{"name":"own"}');
});
