import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCanaryServer, type CanaryServer, type ServedFile } from '../support/box/canary-server.ts';
import { launchFixture, type BrowserName, type Fixture } from '../support/box/extension.ts';
import {
  brokenRoutes,
  hostileProgram,
  type HostileTarget,
  isOpen,
  WORKER_HANG_MS,
  WORKER_ROUTES,
  WORKER_TRIES,
} from '../support/box/hostile.ts';
import { type Control, controlPages, runControl } from '../support/box/hostile-control.ts';
import type { FixtureHost } from '../support/box/host.ts';

declare const host: FixtureHost;

/** Runs what it is given, as a runner for a program of a stranger would. */
const HOSTILE_RUNNER = `onmessage = async ({ data }) => {
  if (data.kind !== 'run') return;
  try { postMessage({ kind: 'done', value: await (0, eval)(data.code) }); }
  catch (error) { postMessage({ kind: 'done', value: 'threw ' + error }); }
};`;
const CANARY = 'canary-5f0e2b1c-planted';
/** Routes by which a worker of the extension finds the canary. */
const PLANTED = ['indexeddb', 'caches', 'opfs', 'broadcast-channel'];
/** Chromium lets a sandboxed page of an extension read that extension's own package, whatever the policy says: nothing secret is in it. */
const ACCEPTED: Record<BrowserName, readonly string[]> = { chrome: ['extension-file'], firefox: [] };
/**
 * What leads nowhere in this browser, wall or not, and how it must end in the box: the browser does not have it, has no
 * passwords to give (credentials), or fetches nothing ahead of need for pages that are driven by a test.
 */
const LEADS_NOWHERE: Record<BrowserName, Readonly<Record<string, string>>> = {
  chrome: { speculation: 'refused: Absent: document' },
  firefox: {
    speculation: 'refused: Absent: document',
    prefetch: 'refused: Absent: document',
    'fetch-later': 'refused: Absent: fetchLater',
    'websocket-stream': 'refused: Absent: WebSocketStream',
    'file-system-api': 'refused: Absent: webkitRequestFileSystemSync',
    'storage-buckets': 'refused: Absent: navigator.storageBuckets',
    usb: 'refused: Absent: navigator.usb',
    hid: 'refused: Absent: navigator.hid',
    credentials: 'refused: Absent: navigator.credentials',
  },
};

describe.each<BrowserName>(['chrome', 'firefox'])('the wall of a box in %s', (name) => {
  let server: CanaryServer;
  let fixture: Fixture;
  let seen: Record<string, string>;
  let packets: ReadonlySet<string>;
  let control: Control;

  beforeAll(async () => {
    let pages: Readonly<Record<string, ServedFile>> = {};
    server = await startCanaryServer((path) => pages[path] ?? null);
    fixture = await launchFixture(name, { args: ['--ignore-certificate-errors'] });
    await plantCanaries(fixture);
    const target = { server, extension: fixture.origin, tag: 'box' };
    seen = await runInBox(fixture, await hostileProgram(target, { alone: WORKER_ROUTES }));
    for (const route of WORKER_ROUTES) Object.assign(seen, await makeWorkerInBox(fixture, route, target));
    packets = server.takePackets();
    // After the box, so that whatever it sent has had its time when the server is asked for it.
    const free = { ...target, tag: 'control' };
    pages = await controlPages(free);
    control = await runControl(fixture, free, (sofar) => [...unled(sofar), ...unshown(sofar)]);
  });
  afterAll(async () => {
    await fixture.close();
    await server.close();
  });

  const unled = ({ reached }: Control): readonly string[] =>
    Object.keys(seen).filter((route) => !(route in LEADS_NOWHERE[name]) && !reached.has(route));
  const unshown = ({ ended }: Control): readonly string[] => [
    ...PLANTED.filter((route) => !ended.extension?.[route]?.includes(CANARY)),
    ...(ended['extension-page']?.['local-storage']?.includes(CANARY) ? [] : ['local-storage']),
  ];

  it('is tested by attacks that do lead somewhere where no wall is, each of them', () => {
    const said = unled(control).map((route) =>
      [route, ...Object.values(control.ended).map((place) => place[route])].join(' | '),
    );
    expect(said).toEqual([]);
    expect(Object.keys(seen).filter((route) => control.reached.has(route)).length).toBeGreaterThan(60);
    for (const place of Object.values(control.ended)) expect(brokenRoutes(place)).toEqual([]);
  });

  it('is tested by attacks that are the same in the box and without it, and whose code is right', () => {
    const tried = new Set(Object.values(control.ended).flatMap((place) => Object.keys(place)));
    expect(Object.keys(seen).sort()).toEqual([...tried].sort());
    expect(brokenRoutes(seen)).toEqual([]);
    for (const [route, how] of Object.entries(LEADS_NOWHERE[name])) expect(seen[route], route).toBe(how);
  });

  it('lets no request, socket or packet out', () => {
    expect([...server.arrived('box')]).toEqual([]);
    expect([...packets]).toEqual([]);
  });

  it('leaves no route to network, storage, extension or other pages', () => {
    const open = Object.keys(seen).filter((route) => isOpen(seen[route]));
    expect(open).toEqual(ACCEPTED[name]);
    // Some of the workers did run: without net.
    const workers = WORKER_ROUTES.map((route) => seen[route] ?? '');
    expect(workers.filter((said) => said.includes('worker without net: '))).not.toEqual([]);
  });

  it('shows nothing planted in storage, in channels or in another box', async () => {
    expect(unshown(control)).toEqual([]);
    expect(JSON.stringify(seen)).not.toContain('canary');
    const dump = await runInBox(fixture, DUMP);
    expect(JSON.stringify(dump).length).toBeGreaterThan(1000);
    expect(JSON.stringify(dump)).not.toContain(CANARY);
  });

  it('still stands for a box opened after a hostile one', async () => {
    const again = await runInBox(fixture, '({ leaked: globalThis.leaked ?? null, mark: globalThis.mark ?? null })');
    expect(again).toEqual({ leaked: null, mark: null });
  });
});

/** Walks everything that the worker's global reaches, and prints it. */
const DUMP = `(() => {
  const seenObjects = new Set(); const out = [];
  const walk = (value, path, depth) => {
    if (depth > 4 || out.length > 20000) return;
    if (typeof value === 'string') { out.push(value.slice(0, 200)); return; }
    if (typeof value !== 'object' && typeof value !== 'function' || value === null || seenObjects.has(value)) return;
    seenObjects.add(value);
    for (const key of Object.getOwnPropertyNames(value)) { out.push(key); try { walk(value[key], path + '.' + key, depth + 1); } catch {} }
  };
  walk(globalThis, 'self', 0);
  return out;
})()`;

async function plantCanaries(fixture: Fixture): Promise<void> {
  await fixture.page.evaluate(async (canary) => {
    localStorage.setItem('canary', canary);
    (globalThis as { secretOfTheHost?: string }).secretOfTheHost = canary;
    document.title = canary;
    const opened = indexedDB.open('canary', 1);
    await new Promise<void>((done) => {
      opened.onupgradeneeded = () => opened.result.createObjectStore('s').put(canary, 'k');
      opened.onsuccess = () => done();
    });
    const root = await navigator.storage.getDirectory();
    const file = await (await root.getFileHandle(canary, { create: true })).createWritable();
    await file.write(canary);
    await file.close();
    await (await caches.open('canary')).put('https://canary.invalid/', new Response(canary));
    void navigator.locks.request('canary', () => new Promise(() => undefined));
    const speak = new BroadcastChannel('canary');
    setInterval(() => speak.postMessage(canary), 20);
  }, CANARY);
  await writeFile(join(fixture.dir, 'net.js'), "postMessage('NET');");
  await runInBox(
    fixture,
    `(() => { globalThis.mark = ${JSON.stringify(CANARY)}; const c = new BroadcastChannel('canary'); setInterval(() => c.postMessage(mark), 20); return {}; })()`,
    true,
  );
}

/** Begins anew, in a box of its own, where the browser never came back from making the worker. */
async function makeWorkerInBox(
  fixture: Fixture,
  route: string,
  target: HostileTarget,
): Promise<Record<string, string>> {
  const program = await hostileProgram(target, { only: route });
  for (let tries = 0; tries < WORKER_TRIES; tries += 1) {
    const seen = await tryInBox(fixture, program, { hangMs: WORKER_HANG_MS });
    if (seen) return seen;
  }
  return { [route]: 'silent, in every try' };
}

async function runInBox(fixture: Fixture, program: string, isKept = false): Promise<Record<string, string>> {
  const seen = await tryInBox(fixture, program, { hangMs: 60_000, isKept });
  if (!seen) throw new Error('the hostile program never came to its end');
  return seen;
}

/** What the program answered, or null when it had not said anything within `hangMs` milliseconds. */
async function tryInBox(
  fixture: Fixture,
  program: string,
  { hangMs, isKept = false }: { hangMs: number; isKept?: boolean },
): Promise<Record<string, string> | null> {
  const id = await fixture.page.evaluate(
    async (script, code) => {
      const opened = await host.open({ id: 'hostile', script });
      if (!('id' in opened)) throw new Error(`no box: ${opened.code} ${opened.detail ?? ''}`);
      host.post(opened.id, { kind: 'run', code });
      return opened.id;
    },
    HOSTILE_RUNNER,
    program,
  );
  const isDone = await fixture.page
    .waitForFunction((box) => host.boxes.get(box)?.messages.length, { timeout: hangMs, polling: 20 }, id)
    .then(
      () => true,
      () => false,
    );
  return await fixture.page.evaluate(
    async (box, done, keep) => {
      const message = done ? ((await host.message(box, 'done')) as { value: Record<string, string> }) : null;
      if (!keep) host.close(box);
      return message?.value ?? null;
    },
    id,
    isDone,
    isKept,
  );
}
