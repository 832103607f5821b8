import { createHash } from 'node:crypto';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LoopbackServer, startLoopback } from '../support/loopback-server.ts';
import { gateFor } from '../support/open-gate.ts';
import { openPython, type TestSession } from '../support/python/open-session.ts';

/** A wheel of these files. */
async function wheel(files: Readonly<Record<string, string>>): Promise<Uint8Array> {
  const zip = new ZipWriter(new Uint8ArrayWriter());
  for (const [name, text] of Object.entries(files)) {
    await zip.add(name, new Uint8ArrayReader(new TextEncoder().encode(text)));
  }
  return zip.close();
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const metadata = (name: string, ...needs: string[]): Record<string, string> => ({
  [`${name}-1.0.dist-info/METADATA`]: [
    `Metadata-Version: 2.1`,
    `Name: ${name}`,
    ...needs.map((need) => `Requires-Dist: ${need}`),
    '',
    '',
  ].join('\n'),
});

let server: LoopbackServer;
const files = new Map<string, Uint8Array>();
const pages = new Map<string, object>();

async function publish(
  name: string,
  contents: Readonly<Record<string, string>>,
  change: { readonly file?: string; readonly hash?: string | null } = {},
): Promise<void> {
  const file = change.file ?? `${name.replaceAll('-', '_')}-1.0-py3-none-any.whl`;
  const bytes = await wheel(contents);
  files.set(`/files/${file}`, bytes);
  const hashes = change.hash === null ? {} : { sha256: change.hash ?? sha256(bytes) };
  pages.set(`/simple/${name}/`, { files: [{ filename: file, url: `/files/${file}`, hashes }] });
}

beforeAll(async () => {
  await publish('plain-thing', {
    'plain_thing/__init__.py': 'VALUE = 41',
    ...metadata('plain_thing', 'inner-thing>=1', 'numpy', 'absent; extra == "dev"'),
  });
  await publish('inner-thing', {
    'inner_thing.py': 'ONE = 1',
    'inner_thing-1.0.data/scripts/run': 'x',
    ...metadata('inner_thing'),
  });
  await publish('wrong-hash', { 'wrong_hash.py': 'x = 1' }, { hash: '0'.repeat(64) });
  await publish('no-hash', { 'no_hash.py': 'x = 1' }, { hash: null });
  await publish('slips-out', { '../../slipped.py': 'x = 1' });
  await publish('compiled-inside', { 'compiled_inside/core.so': 'x' });
  await publish(
    'built-for-linux',
    { 'a.py': '' },
    { file: 'built_for_linux-1.0-cp313-cp313-manylinux_2_17_x86_64.whl' },
  );
  await publish('only-source', { 'setup.py': '' }, { file: 'only-source-1.0.tar.gz' });
  server = await startLoopback(({ path, method, body, headers }, response) => {
    const file = files.get(path);
    const page = pages.get(path);
    if (path === '/never') return;
    if (file) response.end(file);
    else if (page) response.end(JSON.stringify(page));
    else if (path === '/html/x/') response.end('<html></html>');
    else if (path === '/redirect') response.writeHead(302, { location: '/a' }).end();
    else if (path === '/data.csv') response.end('a,b\n1,2\n3,4\n');
    else if (path.startsWith('/echo')) {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ method, path, body, type: headers['content-type'] ?? null }));
    } else response.writeHead(404).end('not here');
  });
});
afterAll(() => server.close());

describe.each([true, false])('Python at the gate (shared memory: %s)', (hasSharedMemory) => {
  let python: TestSession;
  beforeAll(async () => {
    python = await openPython('science', { hasSharedMemory });
  });
  afterAll(() => python.dispose());
  const run = async (code: string, origins: readonly string[] = [server.origin]) =>
    python.run(code.replaceAll('SERVER', server.origin), { network: await gateFor(origins) });

  test('urllib.request: text, a form, a failure with its status, and pandas over it', async () => {
    const { outcome, stdout } = await run(`
import json, urllib.request, urllib.error, pandas as pd
with urllib.request.urlopen('SERVER/echo?q=é'.replace('é', '%C3%A9')) as answer:
    print(answer.status, answer.headers['content-type'], json.load(answer)['path'])
print(json.load(urllib.request.urlopen('SERVER/echo', data=b'a=1')))
try:
    urllib.request.urlopen('SERVER/missing')
except urllib.error.HTTPError as error:
    print(error.code, error.read())
print(pd.read_csv('SERVER/data.csv').sum().tolist())
`);
    expect(outcome).toMatchObject({ kind: 'completed', error: null });
    expect(stdout).toBe(
      "200 application/json /echo?q=%C3%A9\n{'method': 'POST', 'path': '/echo', 'body': 'a=1', 'type': 'application/x-www-form-urlencoded'}\n404 b'not here'\n[4, 6]\n",
    );
  });

  test('requests and pyfetch', async () => {
    const { outcome, stdout } = await run(`
import requests
from pyodide.http import pyfetch
answer = requests.post('SERVER/echo', json={'x': 'é'}, timeout=5)
print(answer.status_code, answer.ok, answer.json()['body'], answer.headers['Content-Type'])
print(requests.get('SERVER/missing').status_code)
with requests.Session() as session:
    print(session.get('SERVER/echo', params={'a': 1}).json()['path'])
print((await (await pyfetch('SERVER/echo', method='PUT', body='b')).json())['method'])
`);
    expect(outcome).toMatchObject({ kind: 'completed', error: null });
    expect(stdout).toBe('200 True {"x": "\\u00e9"} application/json\n404\n/echo?a=1\nPUT\n');
  });

  test.each([
    ['urllib.request', "import urllib.request\nurllib.request.urlopen('SERVER/a')"],
    ['requests', "import requests\nrequests.get('SERVER/a')"],
    ['urllib3', "import urllib3\nurllib3.PoolManager().request('GET', 'SERVER/a')"],
    ['pyfetch', "from pyodide.http import pyfetch\nawait pyfetch('SERVER/a')"],
  ])('%s says which host was not allowed, and how to allow it', async (_title, code) => {
    const seen = server.seen.length;
    const { outcome } = await run(code, ['https://example.org']);
    expect(outcome).toMatchObject({ error: { code: 'python/network-off', line: 2 } });
    const message = outcome.kind === 'completed' ? outcome.error?.message : '';
    expect(message).toContain(server.host);
    expect(message).toContain('popup');
    expect(server.seen).toHaveLength(seen);
  });

  test('a socket, a redirect and a header that is refused say so', async () => {
    const { stdout } = await run(`
import socket, urllib.request, requests
for attempt in (
    lambda: socket.create_connection(('example.org', 80)),
    lambda: urllib.request.urlopen('SERVER/redirect'),
    lambda: requests.get('SERVER/a', headers={'Authorization': 'Bearer x'}),
):
    try:
        attempt()
    except OSError as error:
        print(type(error).__name__, error)
`);
    expect(stdout).toMatch(
      /^NetworkOff .*no sockets.*\nURLError .*redirect.*\nConnectionError .*authorization is refused.*\n$/u,
    );
  });

  test('Stop ends a wait for a host that does not answer', async () => {
    const stopping = new AbortController();
    const seen = server.seen.length;
    const running = python.run(`import urllib.request\nurllib.request.urlopen('${server.origin}/never')`, {
      network: await gateFor([server.origin]),
      signal: stopping.signal,
    });
    await expect.poll(() => server.seen.length).toBe(seen + 1);
    stopping.abort();
    expect((await running).outcome).toMatchObject({ kind: 'cancelled', sessionLost: false });
    expect((await run('6 * 7')).outcome).toMatchObject({ result: '42' });
  });

  test('installs a pure wheel, and what it needs, from an index that was allowed', async () => {
    const { outcome, stdout } = await run(`
%pip install -q --index-url SERVER/simple/ plain-thing==1.0 numpy
import plain_thing, inner_thing
plain_thing.VALUE + inner_thing.ONE
`);
    expect(outcome).toMatchObject({ error: null, result: '42' });
    expect(stdout).toBe('Installed plain-thing 1.0.\nInstalled inner-thing 1.0.\nnumpy is already here.\n');
  });

  test.each([
    ['wrong-hash', 'is not the one that the index names'],
    ['no-hash', 'the index names no hash'],
    ['slips-out', 'would lie outside of its folder'],
    ['compiled-inside', 'it is not only Python'],
    ['built-for-linux', 'no wheel of it that is only Python'],
    ['only-source', 'no wheel of it that is only Python'],
    ['plain-thing2', 'There is no package plain-thing2 in the index'],
    ['torch', 'torch is not available on this device'],
    ['SERVER/files/a.whl', 'only packages of an index can be installed'],
    ['"a b c"', 'is not the name of a package'],
  ])('refuses %s', async (name, sentence) => {
    const { stdout } = await run(`%pip install -i SERVER/simple ${name}\nimport sys\n'slipped' in sys.modules`);
    expect(stdout).toContain(sentence);
    expect((await run(`import slipped`)).outcome).toMatchObject({ error: { title: 'ModuleNotFoundError' } });
  });

  test('says what to allow where the index is not, and that a page is no index', async () => {
    const { stdout } = await run(
      'import micropip\nawait micropip.install("plain-thing9")\n%pip install -i SERVER/html x',
    );
    expect(stdout).toContain('pypi.org is not allowed for this conversation');
    expect(stdout).toContain('files.pythonhosted.org');
    expect(stdout).toContain('no index that is understood here');
  });
});

test('without shared memory and promises there is no way to wait for an answer, and it is said', async () => {
  const python = await openPython('base', { hasSharedMemory: false, hasPromises: false });
  const { outcome } = await python.run("import urllib.request\nurllib.request.urlopen('https://example.org')");
  expect(outcome).toMatchObject({ error: { code: 'python/network-off' } });
  const message = outcome.kind === 'completed' ? outcome.error?.message : '';
  expect(message).toContain('This browser has no way to wait');
  python.dispose();
});
