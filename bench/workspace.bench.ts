import { join } from 'node:path';
import { launch, type Page } from 'puppeteer-core';
import { bundleScript } from '../tests/support/bundle-script.ts';
import { browserProgram, chromiumPrograms, firefoxPrograms } from '../tests/support/browsers/extension-under-test.ts';
import { connectRunsClient, outcomeOf, runRequest, type RunsClient } from '../tests/support/runs-client/index.ts';
import { serveWorkspacePage } from '../tests/support/workspace/serve-page.ts';
import { type BenchGroup, type BenchRow, benchRow } from './bench-row.ts';
import { type BrowserName, repeat, startBrowser } from './support/extension-browser.ts';

interface InPage {
  readonly workspaceTest: {
    timeSmallFiles(count: number, bytes: number): Promise<{ writeMs: number; readMs: number }>;
    timeLarge(megabytes: number): Promise<{ writeMs: number; readMs: number }>;
    timeOpening(count: number): Promise<number>;
  };
  readonly filePeers: {
    plainFiles(count: number, bytes: number): Promise<number>;
    inIndexedDb(count: number, bytes: number): Promise<number>;
    plainLarge(megabytes: number): Promise<{ writeMs: number; readMs: number }>;
  };
}

const label = (browser: BrowserName): string => (browser === 'firefox' ? ' (Firefox)' : '');

async function openPage(browser: BrowserName) {
  const served = await serveWorkspacePage();
  const started =
    browser === 'firefox'
      ? await launch({ browser: 'firefox', executablePath: browserProgram('FIREFOX', firefoxPrograms, 'firefox-esr') })
      : await launch({
          executablePath: browserProgram('CHROMIUM', chromiumPrograms, 'chromium'),
          pipe: true,
          args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-dev-shm-usage'],
        });
  const page = await started.newPage();
  await page.goto(served.url);
  await page.waitForFunction('globalThis.workspaceTest !== undefined');
  await page.evaluate(await bundleScript(join(import.meta.dirname, 'file-peers.ts')));
  return {
    page,
    async [Symbol.asyncDispose]() {
      await started.close();
      await served[Symbol.asyncDispose]();
    },
  };
}

const ours = (page: Page) => ({
  small: () => page.evaluate(() => (globalThis as unknown as InPage).workspaceTest.timeSmallFiles(1_000, 1_024)),
  large: () => page.evaluate(() => (globalThis as unknown as InPage).workspaceTest.timeLarge(100)),
  opening: () => page.evaluate(() => (globalThis as unknown as InPage).workspaceTest.timeOpening(10_000)),
});
const peers = (page: Page) => ({
  files: () => page.evaluate(() => (globalThis as unknown as InPage).filePeers.plainFiles(1_000, 1_024)),
  database: () => page.evaluate(() => (globalThis as unknown as InPage).filePeers.inIndexedDb(1_000, 1_024)),
  large: () => page.evaluate(() => (globalThis as unknown as InPage).filePeers.plainLarge(100)),
});

/** The store itself, in a page as the host's. */
async function* inTheHost(browser: BrowserName): AsyncGenerator<BenchRow> {
  await using opened = await openPage(browser);
  const [mine, theirs] = [ours(opened.page), peers(opened.page)];
  const small = await repeat(5, mine.small);
  const writeMs = small.map((sample) => sample.writeMs);
  const name = `write 1,000 files of 1 KB${label(browser)}`;
  const files = await repeat(2, theirs.files);
  const budget = { median: 1_000 };
  yield benchRow({ name, unit: 'ms', samples: writeMs, peer: { name: 'OPFS createWritable', samples: files }, budget });
  const rows = await repeat(3, theirs.database);
  yield benchRow({ name, unit: 'ms', samples: writeMs, peer: { name: 'IndexedDB', samples: rows }, budget });
  yield benchRow({
    name: `read 1,000 files of 1 KB${label(browser)}`,
    unit: 'ms',
    samples: small.map((sample) => sample.readMs),
  });
  const large = await repeat(5, mine.large);
  const plain = await repeat(3, theirs.large);
  yield benchRow({
    name: `read 100 MB in the host, 200 MB/s is 500 ms${label(browser)}`,
    unit: 'ms',
    samples: large.map((sample) => sample.readMs),
    peer: { name: 'File.slice of OPFS', samples: plain.map((sample) => sample.readMs) },
    budget: { median: 500 },
  });
  yield benchRow({
    name: `write 100 MB in the host${label(browser)}`,
    unit: 'ms',
    samples: large.map((sample) => sample.writeMs),
    peer: { name: 'OPFS createWritable', samples: plain.map((sample) => sample.writeMs) },
  });
  yield benchRow({
    name: `open a tree of 10,000 files and list it${label(browser)}`,
    unit: 'ms',
    samples: await repeat(3, mine.opening),
  });
}

const MAKE_LARGE = `piece = bytes(range(256)) * 4096
with open('/mnt/data/big', 'wb') as file:
    for _ in range(100): file.write(piece)`;
const READ_LARGE = (path: string) => `import time
size = 0
began = time.perf_counter()
with open('${path}', 'rb', buffering=0) as file:
    while piece := file.read(4 * 1024 * 1024): size += len(piece)
assert size == 100 * 1024 * 1024, size
(time.perf_counter() - began) * 1000`;
/** Files that were not there before: each is looked for, made and filled. */
const SMALL = (prefix: string) => `import time
began = time.perf_counter()
for n in range(1000):
    with open(f'${prefix}{n}', 'wb') as file: file.write(b'x' * 1024)
(time.perf_counter() - began) * 1000`;
const WAIT_FOR_FILE = (name: string) => `import os, time
print('waiting')
while not os.path.exists('/mnt/data/${name}'): time.sleep(0.001)
time.time() * 1000`;

/** The number that a program's last line has. */
async function numberOf(client: RunsClient, code: string): Promise<number> {
  const outcome = outcomeOf(await client.run(runRequest(code, 'files')));
  if (outcome?.kind !== 'completed' || outcome.exitCode !== 0) throw new Error(JSON.stringify(outcome));
  return Number(outcome.result);
}

/** Starts a Python program that waits for a file; once it waits, `write` writes it and tells when. Milliseconds until it is seen. */
async function seenAfter(client: RunsClient, name: string, write: () => Promise<number>): Promise<number> {
  const started = await client.call('start', runRequest(WAIT_FOR_FILE(name), 'files'));
  if (!started.ok) throw new Error(started.error.code);
  const { runId } = started.value as { runId: string };
  await client.watch(runId, 0);
  await client.until(runId, 'output');
  const writtenAtMs = await write();
  const outcome = outcomeOf(await client.until(runId, 'ended'));
  // Seen before the writer itself has its answer counts as at once.
  return Math.max(0, Number(outcome?.kind === 'completed' ? outcome.result : Number.NaN) - writtenAtMs);
}

const writers = (client: RunsClient) => ({
  /** A person, or the site, adds a file. */
  host: async (name: string): Promise<number> => {
    const added = await client.call('addFile', { sessionId: runRequest('', 'files').sessionId, name, base64: 'eA==' });
    if (!added.ok) throw new Error(added.error.code);
    return Date.now();
  },
  /** A JavaScript program beside the waiting one, in an engine of its own. */
  javascript: async (name: string): Promise<number> => {
    const code = `require('fs').writeFileSync('/mnt/data/${name}', 'x'); Date.now()`;
    const beside = { language: 'javascript', strategy: 'concurrent' } as const;
    const outcome = outcomeOf(await client.run(runRequest(code, 'files', beside)));
    if (outcome?.kind !== 'completed' || outcome.exitCode !== 0) throw new Error(JSON.stringify(outcome));
    return Number(outcome.result);
  },
});

/** The same from a program, through the wall. */
async function* inABox(browser: BrowserName): AsyncGenerator<BenchRow> {
  await using started = await startBrowser(browser);
  const client = await connectRunsClient(await started.popupPage());
  await numberOf(client, MAKE_LARGE);
  const samples = await repeat(5, () => numberOf(client, READ_LARGE('/mnt/data/big')));
  await numberOf(client, `import shutil\nshutil.copy('/mnt/data/big', '/tmp/big')\n1`);
  const memory = await repeat(3, () => numberOf(client, READ_LARGE('/tmp/big')));
  yield benchRow({
    name: `read 100 MB in a program, 80 MB/s is 1250 ms${label(browser)}`,
    unit: 'ms',
    samples,
    peer: { name: "Python's own memory", samples: memory },
    budget: { median: 1_250 },
  });
  yield benchRow({
    name: `write 1,000 files of 1 KB in a program${label(browser)}`,
    unit: 'ms',
    samples: await repeat(5, (turn) => numberOf(client, SMALL(`/mnt/data/s${turn}-`))),
    peer: {
      name: "Python's own memory",
      samples: await repeat(3, (turn) => numberOf(client, SMALL(`/tmp/s${turn}-`))),
    },
    budget: { median: 1_000 },
  });
  if (browser === 'firefox') return;
  for (const [who, write] of Object.entries(writers(client))) {
    yield benchRow({
      name: `a file written by ${who === 'host' ? 'the host' : 'a JavaScript program'} is seen by a running Python program`,
      unit: 'ms',
      samples: await repeat(10, (turn) => seenAfter(client, `${who}${turn}`, () => write(`${who}${turn}`))),
      budget: { p95: 50 },
    });
  }
}

/** Files: small, large, many; in the host and in a program. */
export const run: BenchGroup = async function* () {
  for (const browser of ['chromium', 'firefox'] as const) {
    yield* inTheHost(browser);
    yield* inABox(browser);
  }
};
