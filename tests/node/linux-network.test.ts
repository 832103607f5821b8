import 'fake-indexeddb/auto';
import { createHash } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { LIMITS } from '../../src/contracts/limits.ts';
import { type AskNetwork, networkOffSentence } from '../../src/contracts/network.ts';
import { createSavedEngines, openDatabase } from '../../src/database/index.ts';
import { createLinuxRunner } from '../../src/runners/linux/index.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { openInNode, type TestSession } from '../support/kit/open-node.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { type LoopbackServer, startLoopback } from '../support/loopback-server.ts';
import { gateFor } from '../support/open-gate.ts';

const ORIGIN = 'https://api.example.org';
const BYTES = Buffer.from(Array.from({ length: 3_000_000 }, (_, at) => (at * 7 + (at >> 8)) & 255));

let server: LoopbackServer;
/** Of one test: it is about how a machine begins or ends, or about another image. */
let own: TestSession | null = null;
/** Of all others, that each leave it as they found it: what the emulator has translated, it translates once. */
let common: TestSession | null = null;

beforeAll(needsLinuxImage);
beforeAll(async () => {
  server = await startLoopback(({ path, method, body, headers }, response) => {
    if (path === '/bytes') return response.end(BYTES);
    if (path === '/packed') return response.setHeader('content-encoding', 'gzip').end(gzipSync('unpacked'));
    if (path === '/odd') return response.setHeader('content-encoding', 'odd').end('as it came');
    if (path === '/missing') response.statusCode = 404;
    response.setHeader('x-kept', 'yes');
    response.end(`${method} ${path} ${headers['content-type'] ?? '-'} [${body}]`);
    return undefined;
  });
});
afterAll(() => {
  common?.dispose();
  return server.close();
});
afterEach(() => {
  own?.dispose();
  own = null;
});

const openMachine = (isSmall: boolean): Promise<TestSession> =>
  openInNode(createLinuxRunner({ source: nodeSource('linux'), isSmall: () => isSmall }));

async function session(): Promise<TestSession> {
  common ??= await openMachine(false);
  return common;
}

async function ownSession(isSmall: boolean): Promise<TestSession> {
  own = await openMachine(isSmall);
  return own;
}

const allowed = () => gateFor([ORIGIN], { [ORIGIN]: server.origin });
const refusal = (what: string): string => networkOffSentence(what);

/** Every way that a program has to a server of this device without its proxy. */
const plainWays = (): string => {
  const port = new URL(server.origin).port;
  const addresses = Object.values(networkInterfaces()).flatMap((cards) => (cards ?? []).map(({ address }) => address));
  const four = [...new Set(['127.0.0.1', '10.0.2.2', '192.168.86.1', ...addresses])].filter(
    (one) => !one.includes(':'),
  );
  return `
    ls /sys/class/net
    for address in ${four.join(' ')}; do
      (echo > /dev/tcp/$address/${port}) 2>/dev/null && echo "a socket reaches $address"
      curl -s -m 5 --noproxy '*' http://$address:${port}/plain && echo "curl reaches $address"
      python3 -c "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.sendto(b'x', ('$address', ${port}))" 2>/dev/null && case $address in 127.*) ;; *) echo "a datagram goes to $address" ;; esac
    done
    curl -s -m 5 --noproxy '*' https://api.example.org/ ; echo $?`;
};

describe('the network of the guest', () => {
  test('is none: no card, no socket, no name; the same server is reached where its origin is allowed', async () => {
    const shell = await session();
    const without = await shell.run(plainWays());
    expect(without.stdout).toBe('lo\n6\n');
    const asked = await shell.run('curl -s https://api.example.org/a; echo; curl -s http://api.example.org/b');
    expect(asked.stdout).toBe('\n');
    expect(JSON.stringify(asked.events)).toContain('The network is off for programs here.');
    expect(server.seen).toEqual([]);

    const network = await allowed();
    const reached = await shell.run('curl -s https://api.example.org/a', { network });
    expect(reached.stdout).toBe('GET /a - []');
    expect((await shell.run(plainWays(), { network })).stdout).toBe('lo\n6\n');
    expect(server.seen.map(({ path }) => path)).toEqual(['/a']);
  }, 120_000);

  test('is what the conversation allows, with every tool, by https and by http that becomes https', async () => {
    const shell = await session();
    const network = await allowed();
    const run = async (code: string) => (await shell.run(code, { network, timeMs: 60_000 })).stdout;
    expect(await run(`curl -s --data 'a=é&b' https://api.example.org/post`)).toBe(
      'POST /post application/x-www-form-urlencoded [a=é&b]',
    );
    expect(await run('curl -si http://api.example.org/x?y=1 | tr -d "\\r" | grep -iE "^(HTTP|x-kept|GET)"')).toBe(
      'HTTP/1.1 200 OK\nx-kept: yes\nGET /x?y=1 - []\n',
    );
    expect(await run('wget -qO- https://api.example.org/wget')).toBe('GET /wget - []');
    expect(
      await run(
        `python3 -c "import urllib.request as u; print(u.urlopen('https://api.example.org/py').read().decode())"`,
      ),
    ).toBe('GET /py - []\n');
    expect(await run('curl -s -o /dev/null -w "%{http_code}" https://api.example.org/missing')).toBe('404');
    expect(await run('curl -s https://api.example.org/bytes | sha256sum')).toBe(
      `${createHash('sha256').update(BYTES).digest('hex')}  -\n`,
    );
    expect(
      await run(`printf 'a\\0b' | curl -s -H 'Transfer-Encoding: chunked' --data-binary @- https://api.example.org/`),
    ).toBe('POST / application/x-www-form-urlencoded [a\0b]');
  }, 180_000);

  test('says what it refuses in the words of the gate, to each tool and beside the run', async () => {
    const shell = await session();
    const network = await allowed();
    const seen = server.seen.length;
    const { stdout, stderr, events } = await shell.run(
      `for address in https://other.example/ http://other.example/ 'http://other.example/ -o /tmp/got' 'http://other.example/ -I'; do
         curl -s $address && echo "nothing failed: $address"
       done
       [ ! -s /tmp/got ] || echo "something was written"
       curl -s -H 'Authorization: x' https://api.example.org/ ; curl -s https://api.example.org:8443/
       wget -O- https://other.example/ ; git ls-remote https://other.example/x.git
       python3 -c "import urllib.request as u; u.urlopen('http://other.example')"`,
      { network, timeMs: 60_000 },
    );
    expect(stdout).toBe('');
    expect(stderr).toContain(`ERROR 403: ${refusal('other.example')}`);
    expect(stderr).toContain(`HTTP Error 403: ${refusal('other.example')}`);
    expect(stderr).toContain("fatal: unable to access 'https://other.example/x.git/'");
    const notices = events.flatMap((event) => (event.kind === 'notice' ? [event.text] : []));
    expect(notices).toEqual([
      refusal('other.example'),
      expect.stringContaining('The header authorization is refused'),
      refusal('api.example.org:8443'),
    ]);
    expect(server.seen.length).toBe(seen);
  }, 120_000);

  test('is there for a terminal while no run is open, and not for what a run left behind', async () => {
    const shell = await session();
    const network = await allowed();
    await shell.run(
      '(until [ -e /tmp/go ]; do sleep 0.2; done; wget -t 1 -O- https://api.example.org/left > /tmp/left 2>&1; touch /tmp/done) &',
      { network },
    );
    let text = '';
    let wake = (): void => undefined;
    const terminal = shell.session.openTerminal?.(
      { columns: 80, rows: 24 },
      {
        onOpened: () => undefined,
        onOutput: (more) => {
          text += more;
          terminal?.send({ kind: 'taken', utf16: more.length });
          wake();
        },
        onEnd: () => undefined,
      },
      network,
    );
    if (terminal === undefined) throw new Error('this engine has no terminals');
    const shows = async (pattern: RegExp): Promise<void> => {
      while (!pattern.test(text)) await new Promise<void>((resolve) => (wake = resolve));
    };
    await shows(/[$#] /);
    terminal.send({ kind: 'write', text: 'curl -s https://api.example.org/typed; sleep 1; touch /tmp/go; exit\r' });
    await shows(/GET \/typed - \[\]/);
    await shows(/exit\r\n/);
    const { stdout } = await shell.run('until [ -e /tmp/done ]; do sleep 0.2; done; cat /tmp/left', { timeMs: 60_000 });
    // Whether the run that looks was open by then, or none: it had no network.
    expect(stdout).toMatch(/left running reaches the network only while|The network is off/);
    expect(server.seen.map(({ path }) => path)).toContain('/typed');
    expect(server.seen.map(({ path }) => path)).not.toContain('/left');
  }, 120_000);

  test('of a terminal is refused in the terminal, and not in the card of a run that began meanwhile', async () => {
    const shell = await session();
    const refused = Promise.withResolvers<string>();
    const asked = Promise.withResolvers<undefined>();
    const shown = Promise.withResolvers<undefined>();
    const ended = Promise.withResolvers<undefined>();
    let text = '';
    const terminal = shell.session.openTerminal?.(
      { columns: 80, rows: 24 },
      {
        onOpened: () => undefined,
        onOutput: (more) => {
          text += more;
          terminal?.send({ kind: 'taken', utf16: more.length });
          if (text.includes('It is not allowed.')) shown.resolve(undefined);
        },
        onEnd: () => ended.resolve(undefined),
      },
      (request) => {
        asked.resolve(undefined);
        return request.includes('/slow') ? refused.promise : Promise.resolve('');
      },
    );
    terminal?.send({ kind: 'write', text: 'wget -O- http://api.example.org/slow\r' });
    await asked.promise;
    const running = shell.run('until [ -e /tmp/shown ]; do sleep 0.1; done', { timeMs: 60_000 });
    refused.resolve(JSON.stringify({ code: 'not-allowed', error: 'It is not allowed.' }));
    await shown.promise;
    terminal?.send({ kind: 'write', text: 'touch /tmp/shown\r' });
    expect((await running).events.filter(({ kind }) => kind === 'notice')).toEqual([]);
    terminal?.send({ kind: 'end' });
    await ended.promise;
  }, 120_000);

  test('answers what is under way when its run ends, which leaves its place to others', async () => {
    const shell = await session();
    const gate = await allowed();
    let hanging = 0;
    const network: AskNetwork = (request, signal) => {
      if (!request.includes('/hang')) return gate(request, signal);
      hanging += 1;
      return new Promise((settle) =>
        signal.addEventListener('abort', () => settle(JSON.stringify({ code: 'stopped', error: 'It was ended.' }))),
      );
    };
    const many = LIMITS.networkAtOnce.standard;
    await shell.run(`for n in $(seq ${many}); do curl -s -m 5 http://api.example.org/hang & done; wait`, {
      network,
      timeMs: 60_000,
    });
    expect(hanging).toBe(many);
    expect((await shell.run('curl -s http://api.example.org/after', { network })).stdout).toBe('GET /after - []');
  }, 120_000);

  test('is there again after the machine was saved, and in the machine that goes on from it', async () => {
    const database = openDatabase('linux-network');
    const runner = createLinuxRunner({
      source: nodeSource('linux'),
      isSmall: () => false,
      savedEngines: createSavedEngines(database, () => Date.now()),
      savedLeastMs: 0,
    });
    const network = await allowed();
    const asks = 'curl -s https://api.example.org/saved';
    own = await openInNode(runner);
    await own.run('echo kept > /root/kept', { network });
    expect((await own.run(asks, { network })).stdout).toBe('GET /saved - []');
    expect(await own.session.save?.()).toMatchObject({ ok: true });
    expect((await own.run(asks, { network })).stdout).toBe('GET /saved - []');
    own.dispose();
    own = await openInNode(runner);
    const second = await own.run(`cat /root/kept; ${asks}`, { network });
    expect(second.stdout).toBe('kept\nGET /saved - []');
    database.close();
  }, 180_000);

  test('has nothing to load when the first request comes, and a proxy that was ended is there again at once', async () => {
    const shell = await ownSession(false);
    const network = await allowed();
    const ask = (path: string) => `curl -s -m 8 http://api.example.org${path}`;
    const { stdout } = await shell.run(
      `python3 -c "import sys; print(sorted({'ssl', 'http.server', 'companion_guest.gate'} - set(sys.modules)))"
       ${ask('/first')}; echo
       for turn in 1 2 3; do kill -9 $(pgrep -n -f fork-server.py); sleep 0.2; ${ask('/again')}; echo; done`,
      { network, timeMs: 60_000 },
    );
    expect(stdout.split('\n')).toEqual(['[]', 'GET /first - []', ...Array<string>(3).fill('GET /again - []'), '']);
  }, 120_000);

  test('passes on bodies packed by gzip and deflate unpacked, no other, and says how an answer is packed that nobody unpacked', async () => {
    const shell = await session();
    const network = await allowed();
    const send = (coding: string, file: string) =>
      `curl -s -H 'Content-Type: a/b' -H 'Content-Encoding: ${coding}' --data-binary @/tmp/${file} https://api.example.org/`;
    const { stdout } = await shell.run(
      `printf plain | gzip > /tmp/g; python3 -c "import zlib; open('/tmp/d', 'wb').write(zlib.compress(b'plain'))"
       ${send('gzip', 'g')}; echo; ${send('deflate', 'd')}; echo; ${send('zstd', 'g')}; ${send('gzip', 'd')}
       curl -si https://api.example.org/packed | tr -d '\\r' | grep -ie encoding -e unpacked; echo
       curl -si https://api.example.org/odd | tr -d '\\r' | grep -ie encoding -e came`,
      { network, timeMs: 60_000 },
    );
    expect(stdout.split('\n')).toEqual([
      'POST / a/b [plain]',
      'POST / a/b [plain]',
      'A body goes out plain, or packed by gzip or deflate, not by zstd.',
      'The body of the request is not well formed, or larger than 11 MB.',
      ...['unpacked', ''],
      ...['content-encoding: odd', 'as it came', ''],
    ]);
  }, 120_000);

  test('bodies without a length that can be believed are refused, and many large ones take little memory', async () => {
    const shell = await ownSession(false);
    const network = await allowed();
    const { stdout } = await shell.run(
      `python3 - <<'END'
import socket
def say(head, *more):
    with socket.create_connection(('127.0.0.2', 3128)) as s:
        s.settimeout(10)
        try:
            s.sendall(('POST http://api.example.org/ HTTP/1.1\\r\\nHost: a\\r\\n' + head + '\\r\\n\\r\\n').encode())
            for one in more: s.sendall(one)
        except OSError:
            pass
        try:
            return s.recv(12).decode()
        except OSError as error:
            return type(error).__name__
print(say('Content-Length: -1'), say('Content-Length: 99999999'), say('Content-Length: x'))
print(say('Transfer-Encoding: gzip, chunked', b'0\\r\\n\\r\\n'), say('Transfer-Encoding: chunked', b'fffffff\\r\\n'))
print(say('Transfer-Encoding: chunked', b'-1\\r\\n'), say('Transfer-Encoding: chunked', b'0\\r\\n' + b'a: b\\r\\n' * 200))
END
       proxy=$(pgrep -n -f fork-server.py)
       head -c 9000000 /dev/zero > /tmp/large
       for turn in 1 2 3 4 5; do curl -s -o /dev/null -T /tmp/large http://api.example.org/packed & done; wait
       sed -n 's/^VmHWM: *//p' /proc/$proxy/status; curl -s http://api.example.org/alive`,
      { network, timeMs: 100_000 },
    );
    const [lengths, codings, chunks, most = '', alive] = stdout.split('\n');
    const refusals = (count: number): string => Array<string>(count).fill('HTTP/1.1 400').join(' ');
    expect([lengths, codings, chunks]).toEqual([refusals(3), refusals(2), refusals(2)]);
    // With a copy or two for each at once it would be twice as much.
    expect(Number.parseInt(most, 10)).toBeLessThan(80_000);
    expect(alive).toBe('GET /alive - []');
  }, 180_000);

  test('says in the small image that there is none', async () => {
    const shell = await ownSession(true);
    const { stderr } = await shell.run('wget -O- http://api.example.org/small', { network: await allowed() });
    expect(stderr).toContain('403 The small Linux reaches no network');
    expect(server.seen.map(({ path }) => path)).not.toContain('/small');
  });

  test('a guest that asks badly harms itself alone', async () => {
    const shell = await session();
    const network = await allowed();
    const { stdout } = await shell.run(
      `python3 -c "
import socket, struct
def ask(data, ends=True):
    with socket.create_connection(('127.0.0.1', 3129)) as s:
        try:
            s.sendall(data)
            if ends: s.shutdown(socket.SHUT_WR)
            return s.recv(200)
        except OSError:
            return b'cut'
print(ask(b''), ask(b'xx'), ask(struct.pack('<I', 4_000_000_000) + b'{}'), ask(struct.pack('<I', 2) + b'[]'))
print(ask(struct.pack('<I', 40) + b'{}'), ask(struct.pack('<I', 17) + b'{\"url\": [1, [2]]}'))
print(ask(b'x' * 13_000_000, False))
held = [socket.create_connection(('127.0.0.1', 3129)) for _ in range(30)]
print(ask(struct.pack('<I', 2) + b'{}'))
"
       curl -s https://api.example.org/after; curl -s --proxytunnel telnet://api.example.org:25 -m 5; echo $?`,
      { network, timeMs: 60_000 },
    );
    const words = stdout.split('\n');
    expect(words[0]?.match(/bad-request/g)).toHaveLength(4);
    expect(words[1]?.match(/bad-request/g)).toHaveLength(2);
    expect(words[2]).toMatch(/cut|b''/);
    expect(words[3]).toContain('too-many');
    expect(words[4]).toMatch(/^GET \/after - \[\]/);
  }, 120_000);
});
