import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createLinuxRunner } from '../../src/runners/linux/index.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { openInNode, type TestSession } from '../support/kit/open-node.ts';
import { javascriptRunner } from '../support/javascript/open-javascript.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { type LoopbackServer, startLoopback } from '../support/loopback-server.ts';
import { NodeRegistry } from '../support/node-registry.ts';
import { gateFor } from '../support/open-gate.ts';
import { PackageIndex } from '../support/package-index.ts';

const PYTHON = 'https://pypi.org';
const NODE = 'https://registry.npmjs.org';
const DEBIAN = 'https://deb.example.org';

let server: LoopbackServer;
let shell: TestSession;
const index = new PackageIndex();
const registry = new NodeRegistry(NODE);
/** Files of a small archive of Debian packages. */
const archive = new Map<string, Uint8Array>();

beforeAll(needsLinuxImage);
beforeAll(async () => {
  server = await startLoopback(({ path }, response) => {
    const file = archive.get(path);
    if (file) response.end(file);
    else if (!index.answers(path, response) && !registry.answers(path, response)) response.writeHead(404).end();
  });
  shell = await openInNode(createLinuxRunner({ source: nodeSource('linux'), isSmall: () => false }));
}, 60_000);
afterEach(() => archive.clear());
afterAll(async () => {
  shell.dispose();
  await server.close();
});

async function run(code: string, origins: readonly string[] = [], mostMB?: number) {
  const names = Object.fromEntries([PYTHON, NODE, DEBIAN].map((origin) => [origin, server.origin]));
  const network = await gateFor(origins, names, mostMB);
  return shell.run(code, { network, timeMs: 120_000 });
}

describe('pip of the guest', () => {
  test('says what is not allowed, and where from it would come', async () => {
    const { stderr, outcome } = await run('pip install cowsay');
    expect(stderr).toContain('cowsay is not among the packages of this device. The network is off for programs here.');
    expect(stderr).toContain('files.pythonhosted.org');
    expect(outcome).toMatchObject({ exitCode: 1 });
  }, 60_000);

  test('installs a wheel with what it needs and its command, lists it, and takes it away', async () => {
    await index.publish(
      'herd',
      {
        'herd/__init__.py': 'import cow\ndef main():\n    print("herd of", cow.NAME)\n',
        'herd-1.0.dist-info/entry_points.txt': '[console_scripts]\nherd-say = herd:main\n',
        'herd-1.0.dist-info/RECORD': 'herd/__init__.py,,\nherd-1.0.dist-info/METADATA,,\nherd-1.0.dist-info/RECORD,,\n',
      },
      ['cow'],
    );
    await index.publish('cow', { 'cow.py': 'NAME = "cows"\n' });
    const { stdout, stderr } = await run('pip3 install herd && herd-say && python3 -m pip list | grep herd', [PYTHON]);
    expect([stdout, stderr]).toEqual(['Installed herd 1.0.\nInstalled cow 1.0.\nherd of cows\nherd 1.0\n', '']);
    const gone = await run('pip uninstall -y herd; herd-say; pip freeze');
    expect([gone.stdout, gone.stderr]).toEqual([
      'Removed herd.\ncow==1.0\n',
      expect.stringContaining('herd-say: command not found'),
    ]);
  }, 60_000);

  test('takes away no command and no file that is not its own', async () => {
    await index.publish('kept', { 'kept.py': 'x = "kept"\n', 'kept-1.0.dist-info/RECORD': 'kept.py,,\n' });
    await index.publish('greedy', {
      'greedy.py': 'x = 1\n',
      'greedy-1.0.dist-info/entry_points.txt': '[console_scripts]\npip = greedy:main\npython3 = greedy:main\n',
      'greedy-1.0.dist-info/RECORD':
        'greedy.py,,\nkept.py,,\n../../../bin/npm,,\n../../../../../usr/local/bin/pip3,,\ngreedy-1.0.dist-info/METADATA,,\n',
    });
    const { stdout, stderr } = await run(
      `pip install kept greedy && pip uninstall -y greedy && (cd /usr/local/bin; ls npm pip pip3 python3)
       python3 -c 'import kept; print(kept.x)'; python3 -c 'import greedy' 2>&1 | tail -1`,
      [PYTHON],
    );
    expect([stdout.split('\n'), stderr]).toEqual([
      [
        'Installed kept 1.0.',
        'Installed greedy 1.0.',
        'Removed greedy.',
        ...['npm', 'pip', 'pip3', 'python3', 'kept'],
        "ModuleNotFoundError: No module named 'greedy'",
        '',
      ],
      '',
    ]);
  }, 60_000);

  test('refuses what is compiled, and says where it is', async () => {
    await index.publish('seaborn', {}, [], { file: 'seaborn-1.0-cp311-cp311-manylinux_2_17_i686.whl' });
    const { stderr } = await run('pip install seaborn', [PYTHON]);
    expect(stderr).toContain('the index has no wheel of it that is only Python');
    expect(stderr).toContain('The Python of this conversation has it');
  }, 60_000);

  test('refuses a file that is not the one that the index names', async () => {
    await index.publish('forged', { 'forged.py': 'x = 1' }, [], { hash: '0'.repeat(64) });
    const { stderr } = await run('pip install forged; python3 -c "import forged"', [PYTHON]);
    expect(stderr).toContain('its file is not the one that the index names');
    expect(stderr).toContain('ModuleNotFoundError');
  }, 60_000);
});

describe('npm of the guest', () => {
  test('says what is not allowed', async () => {
    const { stderr, outcome } = await run('npm install left-pad');
    expect(stderr).toContain('The network is off for programs here. registry.npmjs.org is not allowed');
    expect(stderr).toContain('Packages come from registry.npmjs.org; none lies in the extension.');
    expect(outcome).toMatchObject({ exitCode: 1 });
  }, 60_000);

  test('installs a package with what it needs, two versions of one apart, and runs no script', async () => {
    registry.publish('pad', { '1.4.0': { files: { 'index.js': '1' } }, '2.0.0': { files: { 'index.js': '2' } } });
    registry.publish('@own/deep', { '0.1.0': { needs: { pad: '>=2' } } });
    registry.publish('top', {
      '3.0.1': { needs: { pad: '^1.0.0', '@own/deep': '*' }, scripts: { postinstall: 'touch /mnt/data/ran' } },
    });
    const { stdout, stderr } = await run(
      `mkdir app && cd app && npm install top && find node_modules -name package.json | sort && cat package.json
       cat node_modules/pad/index.js node_modules/@own/deep/node_modules/pad/index.js; ls /mnt/data; npm ls; cd ..`,
      [NODE],
    );
    expect(stdout.split('\n')).toEqual([
      'added 4 packages',
      ...['@own/deep/node_modules/pad', '@own/deep', 'pad', 'top'].map((at) => `node_modules/${at}/package.json`),
      ...JSON.stringify({ dependencies: { top: '^3.0.1' } }, null, 2).split('\n'),
      '12app',
      ...['@own/deep@0.1.0', 'pad@1.4.0', 'top@3.0.1', ''],
    ]);
    expect(stderr).toBe('top: its postinstall script was not run: scripts of packages do not run here.\n');
  }, 60_000);

  test('leaves to each package the version that it needs, whatever is installed or taken away after it', async () => {
    registry.publish('part', { '1.0.0': {}, '2.0.0': {} });
    registry.publish('old', { '1.0.0': { needs: { part: '^1.0.0' } } });
    registry.publish('new', { '1.0.0': { needs: { part: '^2.0.0' } } });
    const list = `find . -name package.json -path '*node_modules*' | while read -r one; do
      python3 -c "import json, sys; print(sys.argv[1], json.load(open(sys.argv[1] + '/package.json'))['version'])" "$(dirname "$one")"; done | sort`;
    const { stdout, stderr } = await run(
      `mkdir versions && cd versions && npm i old && npm i part && ${list}; npm i new part@1 && ${list}
       npm rm part && npm i && ${list}; npm i old part@2 && npm i part@1 part@2; cd ..`,
      [NODE],
    );
    expect(stdout.replaceAll('./node_modules/', '').split('\n')).toEqual([
      ...['added 2 packages', 'added 2 packages'],
      ...['old 1.0.0', 'old/node_modules/part 1.0.0', 'part 2.0.0'],
      'added 3 packages',
      ...['new 1.0.0', 'new/node_modules/part 2.0.0', 'old 1.0.0', 'old/node_modules/part 1.0.0', 'part 1.0.0'],
      ...['removed part', 'added 0 packages'],
      ...['new 1.0.0', 'new/node_modules/part 2.0.0', 'old 1.0.0', 'old/node_modules/part 1.0.0'],
      ...['added 3 packages', ''],
    ]);
    expect(stderr).toBe('npm: two versions of part are asked for, and there is one place for them.\n');
  }, 120_000);

  test('what it installed is there for JavaScript, in the nearest folder first', async () => {
    registry.publish('tidy', {
      '1.0.0': {
        files: { 'lib/index.cjs': "const { word } = require('word'); module.exports = { tidy: () => word.trim() };" },
        main: './lib/index.cjs',
        needs: { word: '*' },
      },
    });
    registry.publish('word', { '1.0.0': { files: { 'index.js': "exports.word = '  tidy  ';" } } });
    await run('npm install tidy', [NODE]);
    const javascript = await openInNode(javascriptRunner(), {}, shell.files);
    const { outcome, stdout } = await javascript.run(
      `import { tidy } from 'tidy';\nconsole.log(tidy(), require('word').word.length);`,
    );
    expect([outcome, stdout]).toMatchObject([{ error: null }, 'tidy 8\n']);
    javascript.dispose();
  }, 60_000);

  test('refuses a file that is another, and what would lie elsewhere', async () => {
    registry.publish('forged', { '1.0.0': { integrity: `sha512-${Buffer.alloc(64).toString('base64')}` } });
    registry.publish('climber', { '1.0.0': { files: { '../../../climbed': 'x' } } });
    const { stderr } = await run('npm install forged; npm i climber; npm i ../x; npm i github:a/b; ls /mnt/climbed', [
      NODE,
    ]);
    expect(stderr.split('\n').slice(0, 4)).toEqual([
      'npm: forged was refused: its file is not the one that the registry names.',
      'npm: climber was refused: it is too large, or a file of it would lie outside of its folder.',
      'npm: ../x: only packages of the registry can be installed, by their name.',
      'npm: github:a/b: only packages of the registry can be installed, by their name.',
    ]);
    expect(stderr).toContain("cannot access '/mnt/climbed'");
  }, 60_000);
});

describe('a package that is larger than the network of its conversation', () => {
  test('is not installed by pip nor by npm, nor a part of it, and both say why', async () => {
    const large = randomBytes(1_500_000).toString('hex');
    await index.publish('large', { 'large.py': `x = "${large}"` });
    registry.publish('large', { '1.0.0': { files: { 'index.js': `exports.x = "${large}"` } } });
    const pip = await run('pip install large; echo "code $?"; python3 -c "import large"', [PYTHON], 1);
    const npm = await run('mkdir -p large-app; cd large-app; npm install large; echo "code $?"; ls; cd ..', [NODE], 1);
    const more = 'is larger than what this conversation may still get. The settings in the popup can allow more.';
    expect([pip.stdout, npm.stdout]).toEqual(['code 1\n', 'code 1\n']);
    expect(pip.stderr).toContain(`large was not installed: The answer of pypi.org ${more}`);
    expect(pip.stderr).toContain("No module named 'large'");
    expect(npm.stderr).toBe(`npm: The answer of registry.npmjs.org ${more}\n`);
  }, 60_000);
});

describe('apt and dpkg of the guest', () => {
  test('dpkg installs a package from a file, apt one from an archive that is allowed', async () => {
    const made = await run(
      `mkdir -p /tmp/deb/DEBIAN /tmp/deb/usr/bin && cd /tmp
       printf '#!/bin/sh\\necho moo\\n' > deb/usr/bin/moo && chmod 755 deb/usr/bin/moo
       for version in 1.0 2.0; do
         printf 'Package: moo\\nVersion: %s\\nArchitecture: all\\nMaintainer: a <a@example.org>\\nDescription: x\\n' $version > deb/DEBIAN/control
         dpkg-deb -b deb /mnt/data/moo-$version.deb > /dev/null
       done
       cd /mnt/data; dpkg -i moo-1.0.deb > /dev/null; moo; dpkg -l moo | tail -1; sha256sum moo-2.0.deb; stat -c %s moo-2.0.deb`,
    );
    const [moo, listed = '', sum = '', size] = made.stdout.split('\n');
    expect([moo, listed.replaceAll(/ +/gu, ' ')]).toEqual(['moo', 'ii moo 1.0 all x']);
    const entry = `Package: moo\nVersion: 2.0\nArchitecture: all\nMaintainer: a <a@example.org>\nFilename: ./moo-2.0.deb\nSize: ${size}\nSHA256: ${sum.split(' ')[0]}\nDescription: x\n\n`;
    archive.set('/Packages', new TextEncoder().encode(entry));
    const file = await shell.files.perform({ op: 'read', path: 'moo-2.0.deb', position: 0, length: 1_000_000 });
    if (!file.ok || file.bytes === undefined) throw new Error('there is no package');
    archive.set('/moo-2.0.deb', file.bytes);
    const install = `rm -f /etc/apt/sources.list.d/*; echo "deb [trusted=yes] http://deb.example.org ./" > /etc/apt/sources.list
       apt-get -q update 2>&1 | tail -3; apt-get -qq -y install moo 2>&1 | tail -3; dpkg -l moo | tail -1`;
    const refused = await run(install);
    expect(refused.stdout).toContain('deb.example.org is not allowed for this conversation');
    expect(refused.stdout).toMatch(/ii +moo +1\.0/);
    const allowed = await run(install, [DEBIAN]);
    expect(allowed.stdout).toMatch(/ii +moo +2\.0/);
  }, 240_000);
});

describe('what is not in the guest', () => {
  test('heavy Python is offered where it is, under the message of Python, with either interpreter', async () => {
    const { stderr } = await run(
      `python3 -c 'import numpy.linalg'; python3 -I -c 'import pandas'; python3 -c 'import nothing_like_it'`,
    );
    expect(stderr).toMatch(
      /No module named 'numpy'\nnumpy is not in this Linux, whose Python is small\. The Python of this/,
    );
    expect(stderr).toMatch(/No module named 'pandas'\npandas is not in this Linux/);
    expect(stderr).toMatch(/No module named 'nothing_like_it'\n$/);
  }, 60_000);

  test('node and npx say where JavaScript runs', async () => {
    const { stderr, stdout } = await run('node -e 1; echo $?; npx vite; npm run build');
    expect(stdout).toBe('127\n');
    expect(stderr).toContain(
      'node is not in this Linux: programs in JavaScript and TypeScript run in the JavaScript engine',
    );
    expect(stderr).toContain('npx is not in this Linux');
    expect(stderr).toContain('npm run: there is no Node in this Linux.');
  }, 60_000);
});
