import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCanaryServer, type CanaryServer } from '../support/box/canary-server.ts';
import type { BrowserName } from '../support/box/extension.ts';
import { launchPython, type PythonFixture } from '../support/python/browser-fixture.ts';
import type { PythonFixtureHost } from '../support/python/browser-host.ts';
import { hostileRoutes } from '../support/python/hostile-routes.ts';
import { unwalledWorkerScript } from '../support/python/node-engine.ts';
import { openPython } from '../support/python/open-session.ts';

declare const python: PythonFixtureHost;

/** Runs every route, each in the same session while it lives; gives what each came to. */
async function attack(
  fixture: PythonFixture,
  routes: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  return fixture.page.evaluate(async (programs) => {
    const seen: Record<string, string> = {};
    let id = await python.open('base', { 'mine.txt': 'mine' });
    for (const [name, code] of Object.entries(programs)) {
      if (typeof id === 'string') throw new Error(id);
      // Those that make workers have to come to their end; of the others a wait without one is an end as well.
      const timeMs = name.endsWith('-worker') ? 30_000 : 4000;
      const { outcome, stdout } = await python.run(id, code, { timeMs });
      if ('sessionLost' in outcome && outcome.sessionLost) id = await python.open('base', { 'mine.txt': 'mine' });
      const error =
        outcome.kind === 'completed' && outcome.error ? `${outcome.error.title}: ${outcome.error.message}` : '';
      seen[name] = `${outcome.kind} ${stdout} ${error}`.trim().slice(0, 300);
    }
    return seen;
  }, routes);
}

describe.each<BrowserName>(['chrome', 'firefox'])('Python in a box of %s', (name) => {
  let server: CanaryServer;
  let fixture: PythonFixture;
  let seen: Record<string, string>;
  beforeAll(async () => {
    server = await startCanaryServer();
    fixture = await launchPython(name);
    seen = await attack(fixture, hostileRoutes(server, 'box'));
  });
  afterAll(async () => {
    await fixture.close();
    await server.close();
  });

  it('lets no request or socket out', () => {
    expect(server.take()).toEqual([]);
    expect(server.takePackets()).toBe(0);
  });

  it('opens no route', () => {
    expect(Object.keys(seen).length).toBeGreaterThan(30);
    expect(Object.entries(seen).filter(([, what]) => what.includes('OPEN'))).toEqual([]);
    // Refused before the browser is asked: Firefox may never come back from making a worker in a worker.
    for (const route of ['js-worker', 'function-worker'])
      expect(seen[route], route).toMatch(/^completed .*(?:Worker|worker)/su);
  });

  it('keeps one session out of the memory and files of another, whatever the first one broke', async () => {
    const poison = [
      'import builtins, sys, json, os',
      'secret = "canary-5f0e2b1c"',
      'open("/mnt/data/secret.txt", "w").write(secret)',
      'builtins.print = lambda *a, **k: None',
      'sys.modules["json"].dumps = lambda *a, **k: secret',
      'os.environ["SECRET"] = secret',
    ].join('\n');
    const result = await fixture.page.evaluate(async (code) => {
      const first = (await python.open('base')) as number;
      await python.run(first, code);
      const second = (await python.open('base')) as number;
      const look =
        'import os, json, sys\nprint(sorted(os.listdir("/mnt/data")), "secret" in globals(), os.environ.get("SECRET"), json.dumps([1]))';
      return python.run(second, look);
    }, poison);
    expect(result.stdout).toBe('[] False None [1]\n');
  });
});

it('the attacks are attacks: a worker without wall and hardening lets them reach the server', async () => {
  const server = await startCanaryServer();
  const routes = hostileRoutes(server, 'control');
  const chosen = ['js-fetch', 'js-websocket', 'function-fetch', 'function-websocket', 'c-eval-fetch', 'run-js'];
  const session = await openPython('base', { script: unwalledWorkerScript, hasSharedMemory: false });
  for (const route of chosen) await session.run(routes[route] ?? '', { timeMs: 5000 });
  // The worker's own requests go out while no program keeps it busy.
  const reached = new Set<string>();
  const missing = () => {
    for (const path of server.take()) reached.add(path);
    return ['js-fetch', 'function-fetch', 'c-eval-fetch', 'run-js'].filter(
      (route) => !reached.has(`/control/${route}`),
    );
  };
  await expect.poll(missing, { timeout: 60_000 }).toEqual([]);
  session.dispose();
  await server.close();
});
