import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LoopbackServer, startLoopback } from '../support/loopback-server.ts';
import { gateFor } from '../support/open-gate.ts';
import { PackageIndex } from '../support/package-index.ts';
import { openPython, type TestSession } from '../support/python/open-session.ts';

let server: LoopbackServer;
const index = new PackageIndex();

/** As far as a program sees it: without ssl its transport cannot even be made. */
const HTTPX = `
class Request:
    def __init__(self, method, url, headers, content):
        self.method, self.url, self.headers, self.content = method, url, headers, content
    def read(self):
        return self.content
    async def aread(self):
        return self.content
class Response:
    def __init__(self, status_code, *, headers=None, content=None):
        self.status_code, self.headers, self.text = status_code, headers, content.decode()
class ConnectError(Exception):
    def __init__(self, message, *, request=None):
        super().__init__(message)
class HTTPTransport:
    def __init__(self, verify=True):
        import ssl
    def handle_request(self, request):
        raise NotImplementedError
class AsyncHTTPTransport(HTTPTransport):
    async def handle_async_request(self, request):
        raise NotImplementedError
`;

/** With another byte in what the first file is packed to, which comes after its header, its name and what else is said of it. */
const withOddByte = (wheel: Uint8Array): Uint8Array => {
  const header = new DataView(wheel.buffer, wheel.byteOffset);
  const at = 30 + header.getUint16(26, true) + header.getUint16(28, true) + 2;
  return wheel.map((byte, position) => (position === at ? byte ^ 0xff : byte));
};

beforeAll(async () => {
  const plain = { 'plain_thing/__init__.py': 'VALUE = 41' };
  await index.publish('by-micropip', { 'by_micropip.py': 'VALUE = 41' }, ['by-need']);
  await index.publish('by-need', { 'by_need.py': '' });
  await index.publish('by-list', { 'by_list.py': '' });
  await index.publish('plain-thing', plain, ['inner-thing>=1', 'numpy', 'absent; extra == "dev"']);
  await index.publish('inner-thing', { 'inner_thing.py': 'ONE = 1', 'inner_thing-1.0.data/scripts/run': 'x' });
  await index.publish('wrong-hash', { 'wrong_hash.py': 'x = 1' }, [], { hash: '0'.repeat(64) });
  await index.publish('no-hash', { 'no_hash.py': 'x = 1' }, [], { hash: null });
  await index.publish('slips-out', { '../../slipped.py': 'x = 1' });
  await index.publish('compiled-inside', { 'compiled_inside/core.so': 'x' });
  const linux = 'built_for_linux-1.0-cp313-cp313-manylinux_2_17_x86_64.whl';
  await index.publish('built-for-linux', { 'a.py': '' }, [], { file: linux });
  await index.publish('only-source', { 'setup.py': '' }, [], { file: 'only-source-1.0.tar.gz' });
  await index.publish('file-elsewhere', { 'file_elsewhere.py': '' }, [], {
    said: { url: 'https://files.pythonhosted.org/file_elsewhere-1.0-py3-none-any.whl' },
  });
  await index.publish('httpx', { 'httpx.py': HTTPX });
  await index.publish('bokeh', { 'bokeh.py': 'HERE = "bokeh"' }, ['Pillow>=3', 'websocket-client']);
  await index.publish('websocket-client', { 'websocket.py': '' });
  await index.publish('wants-compiled', { 'wants_compiled.py': '' }, ['shared-thing', 'jsonschema>=3']);
  await index.publish('wants-less', { 'wants_less.py': 'import shared_thing' }, ['shared-thing']);
  await index.publish('shared-thing', { 'shared_thing.py': '' });
  await index.publish('with-extra', { 'with_extra.py': '' }, ['extra-thing; extra == "more"']);
  await index.publish('extra-thing', { 'extra_thing.py': '' });
  await index.publish('wants-extra', { 'wants_extra.py': '' }, ['with-extra[more]']);
  await index.publish('odd-hashes', { 'odd_hashes.py': '' }, [], { said: { hashes: 'none' } });
  await index.publish('odd-address', { 'odd_address.py': '' }, [], { said: { url: 'http://[' } });
  await index.publish('odd-python', { 'odd_python.py': '' }, [], { said: { 'requires-python': [3] } });
  await index.publish('odd-need', { 'odd_need.py': '' }, ['!!']);
  await index.publish('file-in-file', { 'file_in_file.py': '', 'file_in_file.py/inner.py': '' });
  await index.publish('damaged', { 'damaged.py': 'VALUE = 1\n'.repeat(50) }, [], { bytes: withOddByte });
  await index.publish('wants-damaged', { 'wants_damaged.py': '' }, ['shared-thing', 'damaged']);
  server = await startLoopback(({ path, method, body, headers }, response) => {
    if (path === '/never' || index.answers(path, response)) return;
    if (path === '/html/x/') response.end('<html></html>');
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

  test('says which version is here, and refuses another of what is here', async () => {
    const { outcome, stdout } = await run(`
%pip install -q --index-url SERVER/simple/ inner-thing
%pip install -q 'inner-thing==1.0' 'numpy>=1'
%pip install -q 'inner-thing==2.0' 'numpy<1' 'numpy==no'
import numpy
print(numpy.__version__)`);
    expect(outcome).toMatchObject({ error: null });
    const [first, same, here, other, less, none, version] = stdout.split('\n');
    expect(first).toMatch(/^(Installed inner-thing 1\.0|inner-thing is already here)\.$/);
    expect([same, here]).toEqual(['inner-thing 1.0 is already here.', `numpy ${String(version)} is already here.`]);
    const kept =
      "It cannot be replaced in this conversation's Python: name the package without a version to use what is here.";
    expect([other, less, none]).toEqual([
      `inner-thing==2.0 was not installed: inner-thing 1.0 is here. ${kept}`,
      `numpy<1 was not installed: numpy ${String(version)} is here. ${kept}`,
      'numpy==no is not the name of a package.',
    ]);
  });

  test('says which host a file comes from where the index alone is allowed', async () => {
    const { stdout } = await run('%pip install --index-url SERVER/simple/ file-elsewhere');
    expect(stdout).toMatch(
      /^file-elsewhere 1\.0 was not installed: the index has it, but its file comes from files\.pythonhosted\.org\. .*files\.pythonhosted\.org is not allowed for this conversation: to allow it/,
    );
    expect(stdout).not.toContain('is not among the packages');
  });

  test('micropip installs the same, and raises what was refused', async () => {
    const { outcome, stdout } = await run(`
import micropip
await micropip.install('by-micropip==1.0', index_urls='SERVER/simple/')
await micropip.install(['by-list', 'numpy'], index_urls=['SERVER/simple/'])
import by_micropip, by_need, by_list
try:
    await micropip.install(['torch', 'only-source'], index_urls='SERVER/simple')
except ValueError as refusal:
    print(refusal)
by_micropip.VALUE`);
    expect(outcome).toMatchObject({ error: null, result: '41' });
    expect(stdout).toMatch(
      /^Installed by-micropip 1.0.\nInstalled by-need 1.0.\nInstalled by-list 1.0.\nnumpy is already here.\ntorch is not available on this device.*\nonly-source cannot be installed here/,
    );
  });

  test('asks the index for what is only Python, though it is known not to be here, and for what that needs', async () => {
    expect((await run('import bokeh')).outcome).toMatchObject({ error: { code: 'python/package-unavailable' } });
    const { outcome, stdout } = await run('%pip install -i SERVER/simple bokeh\nimport bokeh, websocket\nbokeh.HERE');
    expect(outcome).toMatchObject({ error: null, result: "'bokeh'" });
    expect(stdout).toBe('Installed bokeh 1.0.\nInstalled websocket-client 1.0.\n');
  });

  test('installs nothing of a package that needs what is compiled, and asks no index for that', async () => {
    const { stdout } = await run('%pip install -i SERVER/simple wants-compiled wants-less\nimport wants_less');
    expect(stdout).toMatch(
      /^wants-compiled was not installed, for it needs jsonschema\. jsonschema is not available on this device\. .*\n/,
    );
    expect(stdout).toContain('\nInstalled wants-less 1.0.\nInstalled shared-thing 1.0.\n');
    expect(server.seen.map(({ path }) => path)).not.toContain('/simple/jsonschema/');
    expect((await run('import wants_compiled')).outcome).toMatchObject({ error: { title: 'ModuleNotFoundError' } });
  });

  test('installs what a package needs of another only with an extra', async () => {
    const { outcome, stdout } = await run('%pip install -i SERVER/simple wants-extra\nimport extra_thing');
    expect(outcome).toMatchObject({ error: null });
    expect(stdout).toBe('Installed wants-extra 1.0.\nInstalled with-extra 1.0.\nInstalled extra-thing 1.0.\n');
  });

  test('httpx reaches what was allowed, as requests does, and says what was not', async () => {
    const { outcome, stdout } = await run(`
%pip install -i SERVER/simple httpx
import httpx
def ask(address):
    return httpx.Request('POST', address, {'content-type': 'text/plain'}, b'b')
answer = httpx.HTTPTransport(verify=False).handle_request(ask('SERVER/echo'))
print(answer.status_code, answer.text)
answer = await httpx.AsyncHTTPTransport().handle_async_request(ask('SERVER/missing'))
print(answer.status_code, answer.text)
httpx.HTTPTransport().handle_request(ask('https://example.org'))`);
    expect(stdout).toBe(
      'Installed httpx 1.0.\n200 {"method":"POST","path":"/echo","body":"b","type":"text/plain"}\n404 not here\n',
    );
    expect(outcome).toMatchObject({ error: { code: 'python/network-off', title: 'ConnectError' } });
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
    ['odd-hashes', 'the index names no hash'],
    ['odd-address', 'the index names no address for its file'],
    ['odd-python', 'no wheel of it that is only Python'],
    ['odd-need', 'needs something that is not understood'],
    ['file-in-file', 'would lie inside of another'],
    ['damaged', 'damaged was refused: its file is damaged'],
    ['wants-damaged', 'damaged was refused: its file is damaged'],
  ])('refuses %s', async (name, sentence) => {
    const { stdout } = await run(`%pip install -i SERVER/simple ${name}\nimport sys\n'slipped' in sys.modules`);
    expect(stdout).toContain(sentence);
    expect(stdout).not.toContain('Installed');
    expect((await run(`import slipped`)).outcome).toMatchObject({ error: { title: 'ModuleNotFoundError' } });
  });

  test('says what to allow where the index is not, and that a page is no index', async () => {
    const { stdout } = await run(
      `import micropip
try: await micropip.install("plain-thing9")
except ValueError as refusal: print(refusal)
%pip install -i SERVER/html x`,
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
