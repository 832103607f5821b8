import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCanaryServer, type CanaryServer } from '../support/box/canary-server.ts';
import type { BrowserName } from '../support/box/extension.ts';
import { launchPython, type PythonFixture, servesUnwalledPython } from '../support/python/browser-fixture.ts';
import type { PythonFixtureHost } from '../support/python/browser-sessions.ts';
import { hostileRoutes } from '../support/python/hostile-routes.ts';
import { until } from '../support/until.ts';
import { turnOf } from '../support/whole.ts';

declare const python: PythonFixtureHost;

/** What leads nowhere with or without a wall, and how it must end: WebAssembly knows no processes. */
const LEADS_NOWHERE: Readonly<Record<string, string>> = {
  'os-system': 'completed SHUT with -1',
  subprocess: 'OSError: [Errno 138] emscripten does not support processes.',
  fork: 'OSError: [Errno 52] Function not implemented',
  exec: 'OSError: [Errno 45] Exec format error',
};

/** Taken up by the browser, which tells the program of it late or never: the server must have seen them. */
const SOCKETS = ['js-websocket', 'function-websocket', 'socket', 'socket-unpatched', 'urllib', 'http-client'];

/** How long a route in a box and one without it may take: in a box it may have no end, else this only guards against a hang. */
const PATIENCE_MS = { box: 1500, control: 60_000 };

/** Of making a worker, which takes milliseconds or, in Firefox, now and then for ever. */
const WORKER_MS = 20_000;
/** How often the control tries a route that only waited: it has to show that the route can lead out, not that it always does. */
const TRIES = 3;

interface Attack {
  /** Runs first in each session. */
  readonly before?: string;
  /** The heap that people get, unless another is named. */
  readonly start?: 'base' | 'science';
  /** Of a route that may have no end; those that make workers or lead nowhere at all have one anywhere. */
  readonly timeMs: number;
  /** How often a route that came to its limit is tried, each time in a new session; once where nothing is said. */
  readonly tries?: number;
  /** Asked when every route has ended, while the worker and what it sent live on. */
  readonly isDone?: (seen: Endings) => Promise<void>;
}

type Endings = Readonly<Record<string, string>>;

/** Runs every route, each in the same session while it lives; gives how each ended. */
async function attack(
  page: Page,
  routes: Readonly<Record<string, string>>,
  { before = '', start = 'science', timeMs, tries = 1, isDone }: Attack,
): Promise<Endings> {
  const open = (): Promise<number> =>
    page.evaluate(
      async (heap, first) => {
        const opened = await python.open(heap, { 'mine.txt': 'mine' });
        await python.run(opened, first);
        return opened;
      },
      start,
      before,
    );
  const seen: Record<string, string> = {};
  let id = await open();
  for (const [name, code] of Object.entries(routes)) {
    const isWorker = name.endsWith('-worker');
    const limits = { timeMs: isWorker ? WORKER_MS : name in LEADS_NOWHERE ? PATIENCE_MS.control : timeMs };
    let ended: Awaited<ReturnType<typeof python.run>>;
    let left = tries;
    do {
      ended = await page.evaluate((...all) => python.run(...all), id, code, limits);
      if ('sessionLost' in ended.outcome && ended.outcome.sessionLost) id = await open();
      left -= 1;
    } while (left > 0 && ended.outcome.kind === 'timedOut');
    const { outcome, stdout } = ended;
    const error =
      outcome.kind === 'completed' && outcome.error ? `${outcome.error.title}: ${outcome.error.message}` : '';
    seen[name] = `${outcome.kind} ${stdout} ${error}`.trim().slice(0, 300);
  }
  await isDone?.(seen);
  await page.evaluate((last) => python.dispose(last), id);
  return seen;
}

const isOpen = (how: string | undefined): boolean => /^\w+ (?:.*\n)?OPEN/u.test(how ?? '');
/** Ended without a word, without an error, or by code that is no Python: shows nothing. */
const isBroken = (how: string): boolean =>
  how === 'completed' || /\b(?:Syntax|Indentation|Tab|Unicode\w*)Error\b/u.test(how);

// Both browsers at once: most of the time goes by waiting for routes that have no end.
describe.concurrent.each<BrowserName>(['chrome', 'firefox'])('Python in a box of %s', (name) => {
  let server: CanaryServer;
  let fixture: PythonFixture;
  let seen: Endings;
  let control: Endings;
  beforeAll(async () => {
    server = await startCanaryServer(await servesUnwalledPython());
    fixture = await launchPython(name);
    // Of a route that is walled a wait without an end is an end as well.
    seen = await attack(fixture.page, hostileRoutes(server, 'box', PATIENCE_MS.box), { timeMs: 4000 });
    // After the box, so that whatever it sent has had its time when the server is asked for it.
    const page = await fixture.fixture.browser.newPage();
    await page.goto(`${server.http}/python-host.html`);
    await page.waitForFunction('globalThis.python !== undefined', { timeout: 60_000, polling: 50 });
    control = await attack(page, hostileRoutes(server, 'control', PATIENCE_MS.control), {
      before: 'import os\nos.makedirs("/work", exist_ok=True)',
      start: 'base',
      timeMs: 90_000,
      tries: TRIES,
      // What never comes is named by the test.
      isDone: (ended) => until(() => expect(missing(ended)).toEqual([])).catch(() => undefined),
    });
    await page.close();
  });
  afterAll(async () => {
    await fixture.close();
    await server.close();
  });

  const hasLed = (ended: Endings, route: string): boolean =>
    isOpen(ended[route]) || server.arrived('control').has(route);
  const missing = (ended: Endings): readonly string[] => [
    ...Object.keys(seen)
      .filter((route) => !hasLed(ended, route) && !(route in LEADS_NOWHERE))
      .map((route) => `${route}: ${ended[route]}`),
    ...SOCKETS.filter((route) => !server.arrived('control').has(route)).map((route) => `${route} at the server`),
  ];

  it('is attacked by programs that do get out of a worker without wall and hardening, each of them', () => {
    expect(missing(control)).toEqual([]);
    expect(Object.keys(seen).filter((route) => hasLed(control, route)).length).toBeGreaterThan(40);
  });

  it('is attacked by programs whose code is right: each ends by its own error or word', () => {
    expect(Object.keys(seen)).toEqual(Object.keys(control));
    expect(Object.entries(seen).filter(([, how]) => isBroken(how))).toEqual([]);
    for (const [route, how] of Object.entries(LEADS_NOWHERE)) expect(seen[route], route).toContain(how);
  });

  it('lets no request or socket out', () => {
    expect([...server.arrived('box')]).toEqual([]);
    expect([...server.takePackets()]).toEqual([]);
  });

  it('opens no route', () => {
    expect(Object.keys(seen).filter((route) => isOpen(seen[route]))).toEqual([]);
    // Refused before the browser is asked: Firefox may never come back from making a worker in a worker.
    for (const route of ['js-worker', 'function-worker'])
      expect(seen[route], route).toMatch(/^completed .*(?:Worker|worker)/su);
  });

  // As people have it in both browsers, the others by turns.
  it.each(['science' as const, ...turnOf(['chrome', 'firefox'], name, ['base', 'cold'] as const)])(
    'keeps one session out of the memory and files of another, whatever the first one broke (%s)',
    async (start) => {
      const poison = [
        'import builtins, sys, json, os',
        'secret = "canary-5f0e2b1c"',
        'open("/mnt/data/secret.txt", "w").write(secret)',
        'builtins.print = lambda *a, **k: None',
        'sys.modules["json"].dumps = lambda *a, **k: secret',
        'os.environ["SECRET"] = secret',
        'open("/mnt/data/taken.txt", "w").write(f"{json.dumps([1])} {os.environ[\'SECRET\']}")',
      ].join('\n');
      const result = await fixture.page.evaluate(
        async (code, heap) => {
          const first = await python.open(heap);
          await python.run(first, code);
          const second = await python.open(heap);
          const look =
            'import os, json, sys\nprint(sorted(os.listdir("/mnt/data")), "secret" in globals(), os.environ.get("SECRET"), json.dumps([1]))';
          const seen = { taken: python.text(first, 'taken.txt'), stdout: (await python.run(second, look)).stdout };
          // Not before: the first has to live while the second looks. Left, twelve engines would stay to the end of the file.
          for (const id of [first, second]) python.dispose(id);
          return seen;
        },
        poison,
        start,
      );
      expect(result.taken).toBe('canary-5f0e2b1c canary-5f0e2b1c');
      expect(result.stdout).toBe('[] False None [1]\n');
    },
  );
});
