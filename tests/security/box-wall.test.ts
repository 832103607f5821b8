import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCanaryServer, type CanaryServer } from '../support/box/canary-server.ts';
import { launchFixture, type BrowserName, type Fixture } from '../support/box/extension.ts';
import {
  controlPage,
  type HostileTarget,
  hostileProgram,
  WORKER_HANG_MS,
  WORKER_ROUTES,
  WORKER_TRIES,
} from '../support/box/hostile.ts';
import type { FixtureHost } from '../support/box/host.ts';

declare const host: FixtureHost;

/** Runs what it is given, as a runner for a program of a stranger would. */
const HOSTILE_RUNNER = `onmessage = async ({ data }) => {
  if (data.kind !== 'run') return;
  try { postMessage({ kind: 'done', value: await (0, eval)(data.code) }); }
  catch (error) { postMessage({ kind: 'done', value: 'threw ' + error }); }
};`;
const CANARY = 'canary-5f0e2b1c-planted';
/** Answers that mean a route led somewhere; anything else is a refusal, an absence or silence. */
const REACHED = /^(\d+|OPEN|READY|LOADED|GOT|REGISTERED|SENT|READ .*|HEARD .*|MADE|RAN NET)$/;
/** Chromium lets a sandboxed page of an extension read that extension's own package, whatever the policy says: nothing secret is in it. */
const ACCEPTED: Record<BrowserName, readonly string[]> = { chrome: ['extension-file'], firefox: [] };

describe.each<BrowserName>(['chrome', 'firefox'])('the wall of a box in %s', (name) => {
  let server: CanaryServer;
  let fixture: Fixture;
  let seen: Record<string, string>;
  let hits: readonly string[];
  let packets: number;

  beforeAll(async () => {
    const pages: Record<string, string> = {};
    server = await startCanaryServer(pages);
    fixture = await launchFixture(name, { args: ['--ignore-certificate-errors'] });
    pages['/control'] = await controlPage({ server, extension: fixture.origin, tag: 'control' });
    await plantCanaries(fixture);
    const target = { server, extension: fixture.origin, tag: 'box' };
    seen = await runInBox(fixture, await hostileProgram(target));
    for (const route of WORKER_ROUTES) Object.assign(seen, await makeWorkerInBox(fixture, route, target));
    hits = server.take();
    packets = server.takePackets();
  });
  afterAll(async () => {
    await fixture.close();
    await server.close();
  });

  it('is tested by programs that do reach the server where no wall is', async () => {
    const page = await fixture.browser.newPage();
    // The page keeps loading what its program asks for; the program's own end is what counts.
    await page.goto(`${server.http}/control`, { waitUntil: 'domcontentloaded', timeout: 5000 }).catch(() => undefined);
    await page.waitForFunction('globalThis.control !== undefined', { timeout: 60_000, polling: 50 });
    await page.evaluate('control');
    const reached = new Set(server.take());
    for (const route of ['fetch', 'fetch-no-cors', 'xhr', 'xhr-sync', 'websocket', 'event-source', 'import']) {
      expect(reached).toContain(`/control-worker/${route}`);
      expect(reached).toContain(`/control-page/${route}`);
    }
    for (const route of ['import-scripts', 'nested-worker-blob', 'nested-worker-twice', 'wasm-streaming']) {
      expect(reached).toContain(`/control-worker/${route}`);
    }
    for (const route of ['beacon', 'image', 'script-element', 'frame'])
      expect(reached).toContain(`/control-page/${route}`);
    expect(server.takePackets()).toBeGreaterThan(0);
    await page.close();
  });

  it('lets no request, socket or packet out', () => {
    expect(hits).toEqual([]);
    expect(packets).toBe(0);
  });

  it('leaves no route to network, storage, extension or other pages', () => {
    expect(Object.keys(seen).length).toBeGreaterThan(55);
    const reached = Object.entries(seen).filter(([, what]) => REACHED.test(what));
    expect(reached.map(([route]) => route)).toEqual(ACCEPTED[name]);
    expect(seen['extension-api']).toBe('undefined,undefined,undefined');
    expect(seen['origin']).toBe('null');
    expect(
      WORKER_ROUTES.map((route) => `${route}: ${seen[route]}`).filter((said) => said.includes('RAN no net')),
    ).not.toEqual([]);
  });

  it('shows nothing planted in storage, in channels or in another box', async () => {
    expect(JSON.stringify(seen)).not.toContain(CANARY);
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
    const speak = new BroadcastChannel('canary');
    setInterval(() => speak.postMessage(canary), 20);
  }, CANARY);
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
  const program = await hostileProgram(target, route);
  for (let tries = 0; tries < WORKER_TRIES; tries += 1) {
    const seen = await tryInBox(fixture, program, { hangMs: WORKER_HANG_MS });
    if (seen) return seen;
  }
  return { [route]: `hung ${WORKER_TRIES} times` };
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
