import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunEvent } from '../../src/contracts/run.ts';
import { createLinuxRunner } from '../../src/runners/linux/index.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { openInNode, type TestSession } from '../support/kit/open-node.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { type LoopbackServer, startLoopback } from '../support/loopback-server.ts';
import { gateFor } from '../support/open-gate.ts';
import { PackageIndex } from '../support/package-index.ts';

const PYTHON = 'https://pypi.org';

let server: LoopbackServer;
let shell: TestSession;
const index = new PackageIndex();

beforeAll(needsLinuxImage);
beforeAll(async () => {
  server = await startLoopback(({ path }, response) => {
    if (!index.answers(path, response)) response.writeHead(404).end();
  });
  shell = await openInNode(createLinuxRunner({ source: nodeSource('linux'), isSmall: () => false }));
}, 60_000);
afterAll(async () => {
  shell.dispose();
  await server.close();
});

async function run(code: string, origins: readonly string[] = []) {
  const network = await gateFor(origins, { [PYTHON]: server.origin });
  return shell.run(code, { network, timeMs: 120_000 });
}

describe('pip of the guest without network', () => {
  const noticesOf = (events: readonly RunEvent[]) =>
    events.flatMap((event) => (event.kind === 'notice' ? [event.text] : []));
  const HERE = 'Without network, packages come from this device';
  const NOT_ALLOWED =
    'The network is off for programs here. pypi.org is not allowed for this conversation: to allow it, add it under Network in the popup of ChatGPT Companion.';
  const REFUSED_AND_INSTEAD = [
    NOT_ALLOWED,
    'Without its index, pip takes what lies in the extension itself, which may not be the newest.',
  ];

  test('installs a plain wheel of the extension with what it needs, each as its list says', async () => {
    const { stdout, stderr, outcome, events } = await run(
      `pip install python-dateutil && python3 -c "
from dateutil.relativedelta import relativedelta
from datetime import date
import six
print(date(2024, 2, 29) + relativedelta(years=1), six.PY3)" && pip freeze | grep -i -e dateutil -e six
       pip uninstall -y python-dateutil six && python3 -c 'import dateutil' 2>&1 | tail -2`,
    );
    expect([stdout.split('\n'), stderr]).toEqual([
      [
        'Installed python-dateutil 2.9.0.post0.',
        'Installed six 1.17.0.',
        `${HERE}: python-dateutil 2.9.0.post0, six 1.17.0. The newest come where pypi.org and files.pythonhosted.org are allowed.`,
        '2025-02-28 True',
        ...['python-dateutil==2.9.0.post0', 'six==1.17.0'],
        ...['Removed python-dateutil.', 'Removed six.'],
        "ModuleNotFoundError: No module named 'dateutil'",
        'python-dateutil is not in this Linux yet: `pip install python-dateutil` gets it, also without network.',
        '',
      ],
      '',
    ]);
    expect(outcome).toMatchObject({ exitCode: 0 });
    // Whatever becomes of the output: a person learns that the index was refused, and what came in its place.
    expect(noticesOf(events)).toEqual(REFUSED_AND_INSTEAD);
  }, 60_000);

  test('of all that lie in the extension, each is imported by the Python of the guest', async () => {
    const { stdout, stderr } = await run(
      `names=$(pip help | sed -n 's/^Here without network: \\(.*\\)\\.$/\\1/p' | tr -d ,)
       pip install $names > /dev/null; for one in $names; do echo "$one"; done
       python3 -c "
import certifi, charset_normalizer, idna, dateutil.parser, dateutil.tz, pytz, requests, six, tabulate, urllib3, xmltodict, yaml
said = requests.get('https://pypi.org/').status_code
print(yaml.safe_load('a: [1, 2]'), tabulate.tabulate([[1]]).split()[1], said)
print(pytz.timezone('Europe/Berlin'), dateutil.tz.gettz('Europe/Berlin') is not None, certifi.where())"`,
    );
    expect([stdout.split('\n'), stderr]).toEqual([
      [
        ...['certifi', 'charset-normalizer', 'idna', 'python-dateutil', 'pytz', 'pyyaml'],
        ...['requests', 'six', 'tabulate', 'urllib3', 'xmltodict'],
        "{'a': [1, 2]} 1 403",
        'Europe/Berlin True /etc/ssl/certs/ca-certificates.crt',
        '',
      ],
      '',
    ]);
  }, 120_000);

  test('takes the index where that is allowed, and the extension’s where the index does not answer', async () => {
    await index.publish('tabulate', {
      'tabulate.py': 'x = 1\n',
      'tabulate-1.0.dist-info/RECORD':
        'tabulate.py,,\ntabulate-1.0.dist-info/METADATA,,\ntabulate-1.0.dist-info/RECORD,,\n',
    });
    const command = `pip uninstall -y tabulate > /dev/null; pip install tabulate; python3 -c 'import tabulate; print(tabulate.__file__)'`;
    const allowed = await run(command, [PYTHON]);
    expect(allowed.stdout).toContain('Installed tabulate 1.0.');
    expect(noticesOf(allowed.events)).toEqual([]);
    const closed = await startLoopback((_, response) => response.destroy());
    const network = await gateFor([PYTHON], { [PYTHON]: closed.origin });
    const failed = await shell.run(`${command}; pip uninstall -y tabulate; pip install 'tabulate<0.5'`, {
      network,
      timeMs: 60_000,
    });
    await closed.close();
    expect(failed.stdout).toContain('Installed tabulate 0.9.0.');
    expect(failed.stderr).toMatch(
      /^tabulate<0\.5 is not among the packages of this device, which has tabulate 0\.9\.0 \(`pip install tabulate`\)\. \S/u,
    );
    expect(failed.stderr).not.toContain('is not allowed');
  }, 60_000);

  test('says which host the file comes from where the index alone is allowed', async () => {
    await index.publish('tabulate', { 'tabulate.py': '' }, [], {
      said: { url: 'https://files.pythonhosted.org/tabulate-1.0-py3-none-any.whl' },
    });
    const { stderr, outcome } = await run('pip uninstall -y tabulate > /dev/null 2>&1; pip install tabulate', [PYTHON]);
    expect(stderr).toMatch(
      /^tabulate 1\.0 was not installed: the index has it, but its file comes from files\.pythonhosted\.org\. .*files\.pythonhosted\.org is not allowed for this conversation: to allow it/u,
    );
    expect(stderr).not.toContain('is not among the packages');
    expect(outcome).toMatchObject({ exitCode: 1 });
  }, 60_000);

  test('says which version is installed, and how to have another', async () => {
    const { stdout, stderr, outcome } = await run(
      'pip install six > /dev/null; pip install six==1.17 six && pip install six==1.10',
    );
    expect(stdout).toBe('six 1.17.0 is already here.\nsix is already here.\n');
    expect(stderr).toBe(
      'six==1.10 was not installed: six 1.17.0 is here. To have another version, remove it first: `pip uninstall six`.\n',
    );
    expect(outcome).toMatchObject({ exitCode: 1 });
  }, 60_000);

  test('says which version is here where another is asked for, and where others come from', async () => {
    const { stdout, stderr, outcome, events } = await run(
      'pip uninstall -y xmltodict six; pip install xmltodict==0.1 rich six==1.10',
    );
    expect(outcome).toMatchObject({ exitCode: 1 });
    expect(stdout).not.toContain('Installed');
    for (const [wanted, here] of [
      ['xmltodict==0.1', 'xmltodict 0.13.0 (`pip install xmltodict`)'],
      ['six==1.10', 'six 1.17.0 (`pip install six`)'],
    ])
      expect(stderr).toContain(
        `${wanted} is not among the packages of this device, which has ${here}. ${NOT_ALLOWED} Its index is pypi.org; the files come from files.pythonhosted.org.\n`,
      );
    // The index was never asked, and nothing was taken; another Python has no other version.
    expect(stderr).not.toContain('six is not in this Linux');
    expect(stderr).not.toContain('the index has no wheel');
    expect(stderr).not.toContain(HERE);
    expect(stderr).toContain('rich is not among the packages of this device. The network is off for programs here.');
    expect(stderr).toContain(
      'pypi.org is not allowed for this conversation: to allow it, add it under Network in the popup',
    );
    expect(noticesOf(events)).toEqual(REFUSED_AND_INSTEAD);
    expect(stderr).toContain('Its index is pypi.org; the files come from files.pythonhosted.org.');
  }, 60_000);

  test('refuses what is compiled for Pyodide, also where others need it, and offers Pyodide; whatever is allowed', async () => {
    await index.publish('needy', { 'needy.py': '' }, ['pandas>=1']);
    for (const [names, origins] of [
      ['numpy', []],
      ['NumPy pandas', [PYTHON]],
      ['needy', [PYTHON]],
    ] as const) {
      const { stderr, outcome } = await run(`pip install ${names}`, origins);
      const last = names.split(' ').at(-1) ?? '';
      expect(stderr).toContain(
        `${last === 'needy' ? 'needy was not installed, for it needs pandas. pandas' : last} has compiled parts, and those that are here are for Pyodide, not for this Linux.`,
      );
      expect(stderr.match(/The Python of this conversation has it: run the program there, as Python/gu)).toHaveLength(
        names.split(' ').length,
      );
      expect(outcome).toMatchObject({ exitCode: 1 });
    }
  }, 60_000);

  test('where the file of them cannot be read both are said, that and what is not allowed; the next try reads it anew', async () => {
    const source = nodeSource('linux');
    let isThere = false;
    const load = (name: string) =>
      name === 'wheels.pack' && !isThere ? Promise.reject(new Error('not read')) : source.load(name);
    const other = await openInNode(createLinuxRunner({ source: { ...source, load }, isSmall: () => false }));
    try {
      const network = await gateFor([], {});
      const failed = await other.run('pip install six; pip help | tail -1', { network, timeMs: 60_000 });
      expect(failed.stderr).toContain(
        `six was not installed: The packages of this device could not be read. ${NOT_ALLOWED}\n`,
      );
      expect(failed.stdout).toBe('What is here without network could not be read.\n');
      expect(noticesOf(failed.events)).toEqual([NOT_ALLOWED]);
      isThere = true;
      const { stdout } = await other.run('pip install six', { network, timeMs: 60_000 });
      expect(stdout).toContain('Installed six 1.17.0.');
    } finally {
      other.dispose();
    }
  }, 60_000);

  test('a guest that asks for more than its list gets nothing', async () => {
    const { stdout } = await run(
      `python3 -c "
import sys; sys.path.append('/usr/local/lib/guest')
from companion_guest.ask_gate import ask
for name in ('bundled:../manifest.json', 'bundled:manifest.json', 'bundled:six/', 'bundled:nothing'):
    answer = ask(name)
    print(answer.said.get('status'), answer.bytes)"`,
    );
    expect(stdout).toBe('404 0\n'.repeat(4));
  }, 60_000);
});
