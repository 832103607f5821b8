import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLinuxRunner } from '../../src/runners/linux/index.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { openInNode, type TestSession } from '../support/kit/open-node.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { isWhole } from '../support/whole.ts';

const FIXTURES = new URL('../fixtures/linux/', import.meta.url);

/**
 * What programs of the guest print, and what the same ones print on x86-64: logarithms and powers that are whole there, and sums that
 * differ in the last digit by a processor with 53 bits and a library that needs 64.
 */
const PRINTED: readonly (readonly [name: string, program: string, printed: string])[] = [
  [
    'python3: log10, log2, log, exp, cbrt',
    `python3 -c 'import math; print(math.log10(1000), math.log2(8), math.log(10), math.exp(1), math.cbrt(64))'`,
    '3.0 3.0 2.302585092994046 2.718281828459045 4.0',
  ],
  [
    'python3: powers',
    `python3 -c 'print(2**0.5, 10**-3, 1.1**10, 0.1**3, 7**-0.5)'`,
    '1.4142135623730951 0.001 2.5937424601000023 0.0010000000000000002 0.37796447300922725',
  ],
  [
    'awk',
    `awk 'BEGIN { OFMT = "%.17g"; print log(1000) / log(10), exp(1), 2 ^ 0.5, atan2(0, -1), sin(1), cos(1) }'`,
    '2.9999999999999996 2.7182818284590451 1.4142135623730951 3.1415926535897931 0.8414709848078965 0.54030230586813977',
  ],
  [
    'sqlite3',
    `sqlite3 :memory: 'select log10(1000), ln(10), exp(1), pow(1.1, 10), atan2(1, 2)'`,
    '3.0|2.30258509299405|2.71828182845905|2.5937424601|0.463647609000806',
  ],
  [
    'perl',
    `perl -e 'printf "%.17g %.17g %.17g\\n", log(10), exp(1), 1.1 ** 10'`,
    '2.3025850929940459 2.7182818284590451 2.5937424601000023',
  ],
  [
    'bc -l',
    `echo 'l(10); e(1); a(1)' | bc -l`,
    '2.30258509299404568401\n2.71828182845904523536\n.78539816339744830961',
  ],
];

/** What scripts find on every Linux. */
const FOUND: readonly (readonly [name: string, program: string, printed: string])[] = [
  [
    'date in other time zones',
    `TZ=Europe/Lisbon date -d '2023-01-15 09:30 UTC' '+%H:%M %Z'; TZ=Asia/Kolkata date -d @86400 '+%F %T %z'`,
    '09:30 WET\n1970-01-02 05:30:00 +0530',
  ],
  [
    'time zones of Python',
    `python3 -c 'import datetime as d, zoneinfo as z; print(d.datetime(2024, 3, 31, 3, tzinfo=z.ZoneInfo("Europe/Berlin")).utcoffset())'`,
    '2:00:00',
  ],
  ['column', `printf 'name size\nb 10\nlonger 2\n' | column -t`, 'name    size\nb       10\nlonger  2'],
  [
    'gawk as awk',
    `printf 'c 1\na 2\n' | awk '{ x[$1] = $2 } END { n = asorti(x, keys); for (i = 1; i <= n; i++) printf "%s=%s ", keys[i], x[keys[i]] }'`,
    'a=2 c=1 ',
  ],
  [
    'gensub and hexdump',
    `echo 2024-05-06 | gawk '{ print gensub(/(.+)-(.+)-(.+)/, "\\\\3.\\\\2.\\\\1", 1) }'; echo a1b22 | hexdump -c | head -1`,
    '06.05.2024\n0000000   a   1   b   2   2  \\n',
  ],
  [
    'sudo, for root and for another user',
    `sudo -n mkdir -p /opt/made && sudo -E NAME=x sh -c 'echo $NAME > /opt/made/it' && sudo -u user id -un; echo in | sudo tee /opt/made/tee; sudo -i pwd`,
    'user\nin\n/root',
  ],
  [
    'sudo, where it fails',
    `sudo -u nobody-here true; echo $?; sudo --nonsense true; echo $?; sudo false || echo failed`,
    '1\n1\nfailed',
  ],
];

describe('what everyday programs expect of Linux', () => {
  let shell: TestSession;
  beforeAll(needsLinuxImage);
  beforeAll(async () => {
    shell = await openInNode(createLinuxRunner({ source: nodeSource('linux'), isSmall: () => false }));
  });
  afterAll(() => shell.dispose());

  test.each(FOUND)('has %s', async (_name, program, printed) => {
    expect((await shell.run(program)).stdout.trimEnd()).toBe(printed.trimEnd());
  });

  test('a package that needs the network says so, and one that is here does not', async () => {
    const { stdout, stderr } = await shell.run(
      'apt-get install -y curl | tail -1; echo "code $?"; apt-get install -y sl; echo "code $?"',
      { timeMs: 60_000 },
    );
    expect(stdout).toMatch(/ 0 newly installed.*\ncode 0\ncode 100\n$/u);
    expect(stderr).toContain('packages come by the network from deb.debian.org');
  }, 90_000);

  test('a command that is not there is told beside the run, with how to get it', async () => {
    const { stderr, events } = await shell.run('cowsay hello');
    expect(stderr).toContain('cowsay: command not found');
    expect(JSON.stringify(events)).toContain('cowsay is not in this Linux: `apt-get install` brings');
  });

  test('the status and the mask of a program are there for the next', async () => {
    const said = async (code: string): Promise<string> => (await shell.run(code)).stdout;
    await said('umask 027; exit 7');
    expect(await said('echo "$? $(umask)"; touch /tmp/masked; stat -c %a /tmp/masked')).toBe('7 0027\n640\n');
    await said('kill -KILL $$');
    expect(await said('echo $?; set -x')).toBe('137\n');
    expect(await said('echo $?; umask 022')).toBe('0\n');
  });

  test.each(PRINTED)('calculates as x86-64 does: %s', async (_name, program, printed) => {
    expect((await shell.run(program)).stdout).toBe(`${printed}\n`);
  });

  // A quarter of a minute where nothing else runs: in the whole run alone.
  if (isWhole) {
    test('gives the bits of x86-64 for 10,000 arguments of every function', async () => {
      const probe = await readFile(new URL('libm-probe.c', FIXTURES), 'utf8');
      const ran = await shell.run(`cat > /tmp/probe.c && tcc -o /tmp/probe /tmp/probe.c -lm && /tmp/probe`, {
        stdin: probe.split('\n'),
        timeMs: 240_000,
      });
      expect(ran.stderr).toBe('');
      expect(ran.stdout).toBe(await readFile(new URL('libm-digests.txt', FIXTURES), 'utf8'));
    }, 300_000);
  }
});
