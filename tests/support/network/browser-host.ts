import { createBoxOpener } from '../../../src/box/index.ts';
import { sessionIdOf } from '../../../src/contracts/ids.ts';
import type { EgressEntry } from '../../../src/contracts/network.ts';
import type { Language } from '../../../src/contracts/run.ts';
import type { RunnerSession } from '../../../src/contracts/runner.ts';
import { createEgressLog, createNetworkConsents, openDatabase } from '../../../src/database/index.ts';
import { NetworkGate } from '../../../src/host/network/index.ts';
import { createJavaScriptRunner } from '../../../src/runners/javascript/index.ts';
import { packagedSource } from '../../../src/runners/kit/index.ts';
import { createLinuxRunner } from '../../../src/runners/linux/index.ts';
import { createPythonRunner } from '../../../src/runners/python/index.ts';
import { MemoryFiles } from '../kit/memory-files.ts';

// Runs in a page of an extension: the real gate over the browser's own fetch and database, and three real runners at it.

const boxes = createBoxOpener({ document, pageUrl: '/box.html', canAffordSpare: () => false });
const runners = [
  createJavaScriptRunner({ source: packagedSource(`${location.origin}/`, 'javascript') }),
  createPythonRunner({ source: packagedSource('/', 'python'), start: () => 'base' }),
  createLinuxRunner({ source: packagedSource(`${location.origin}/`, 'linux'), isSmall: () => false }),
];
/** Origins that another one stands for, as a resolver of names would have it: 127.0.0.1 is a guest's own. */
const stoodFor = new Map<string, string>();
const database = openDatabase();
const log = createEgressLog(database);
const gate = new NetworkGate({
  consents: createNetworkConsents(database),
  log,
  mostMB: () => 50,
  fetch: (address, request) => {
    const { origin } = new URL(address);
    return fetch(address.replace(origin, stoodFor.get(origin) ?? origin), request);
  },
  isPrivate: async () => false,
  now: () => Date.now(),
});
const sessions = new Map<Language, RunnerSession>();

const network = {
  allow: (session: string, origins: readonly string[]) => gate.allow(sessionIdOf(session), origins),
  standFor: (name: string, origin: string): void => void stoodFor.set(name, origin),
  log: (most: number): Promise<readonly EgressEntry[]> => log.latest(most),
  /** `session` is the conversation in whose name the program runs. */
  async run(session: string, language: Language, code: string) {
    const opened = sessions.get(language) ?? (await open(language));
    sessions.set(language, opened);
    let stdout = '';
    const notices: string[] = [];
    const outcome = await opened.execute(
      { language, code, stdin: [], limits: { timeMs: 60_000, memoryMB: 256 } },
      {
        signal: new AbortController().signal,
        network: gate.forRun(sessionIdOf(session), language),
        onEvent: (event) => {
          if (event.kind === 'output') stdout += event.text;
          if (event.kind === 'notice') notices.push(event.text);
        },
      },
    );
    return { outcome, stdout, notices };
  },
};

async function open(language: Language): Promise<RunnerSession> {
  const runner = runners.find(({ manifest }) => manifest.languages.includes(language));
  const opened = await runner?.openSession({
    sessionId: sessionIdOf(`box-${language}`),
    boxes,
    files: new MemoryFiles(),
    limits: { timeMs: 30_000, memoryMB: 256 },
    signal: new AbortController().signal,
  });
  if (!opened?.ok) throw new Error(opened?.error.code ?? 'no runner');
  return opened.value;
}

export type NetworkPage = typeof network;
Object.assign(globalThis, { network });
