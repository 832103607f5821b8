import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeEach, describe, expect, it } from 'vitest';
import { giveProgram, linesOf } from '../tests/support/played-program.ts';
import { testFolder } from '../tests/support/test-folder.ts';

const places = testFolder('fresh');
const NPM_RECORD = 'node_modules/.package-lock.json';
/** What npm leaves: its own record, and the package `node` with its program. */
const INSTALL = `mkdir -p node_modules/node/bin; echo {} > ${NPM_RECORD}; ln -sf '${process.execPath}' node_modules/node/bin/node`;

/** A tool in TypeScript that says which Node stands first on its path and what it was given. */
const ECHO = `const said: string[] = process.argv.slice(2);
console.log(process.env.PATH?.split(':')[0], ...said);
process.exitCode = said.length;
`;

let count = 0;
/** A fresh clone, as far as the bootstrap looks at one. */
let clone = '';
let bin = '';

beforeEach(() => {
  count += 1;
  clone = join(places, String(count));
  bin = join(clone, 'bin');
  mkdirSync(bin, { recursive: true });
  mkdirSync(join(clone, 'tools'));
  cpSync(join(import.meta.dirname, 'bootstrap.mjs'), join(clone, 'tools/bootstrap.mjs'));
  writeFileSync(join(clone, 'package-lock.json'), '{}');
  writeFileSync(join(clone, 'package.json'), '{"type":"module"}');
  writeFileSync(join(clone, 'tools/echo.ts'), ECHO);
});

/** An npm that writes down what it is asked, and then does this in the clone. */
const giveNpm = (then: string): void => giveProgram(bin, 'npm', `PATH=/usr/bin:/bin\necho "$@" >> asked\n${then}`);
const asked = (): string[] => linesOf(join(clone, 'asked'));

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The bootstrap under this Node, or one that says it is another version. */
async function bootstrap(args: readonly string[], version = process.versions.node): Promise<Ended> {
  const claim = `data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'${version}'}})`;
  const child = spawn(process.execPath, [`--import=${claim}`, join(clone, 'tools/bootstrap.mjs'), ...args], {
    cwd: clone,
    env: { PATH: bin },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [status, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { status, stdout, stderr };
}

const INSTALLING = '· installing the packages of package-lock.json (npm ci)\n';
const refused = (stderr: string): Ended => ({ status: 1, stdout: '', stderr });

describe.runIf(process.platform === 'linux')('a command in a fresh clone', () => {
  /** First on the path of what is started: its Node is the project's. */
  const nodeFolder = () => join(clone, 'node_modules/node/bin');

  it('installs once; the second start only starts', async () => {
    giveNpm(INSTALL);
    const answer = { status: 2, stdout: `${nodeFolder()} a b\n` };
    expect(await bootstrap(['echo', 'a', 'b'])).toMatchObject({ ...answer, stderr: INSTALLING });
    expect(asked()).toEqual(['ci --no-audit --no-fund']);
    expect(await bootstrap(['echo', 'a', 'b'])).toMatchObject({ ...answer, stderr: '' });
    expect(asked()).toHaveLength(1);
  });

  it('installs again when the lock file is another', async () => {
    giveNpm(INSTALL);
    await bootstrap(['echo']);
    writeFileSync(join(clone, 'package-lock.json'), '{"changed":true}');
    expect(await bootstrap(['echo'])).toMatchObject({ status: 0, stderr: INSTALLING });
    expect(asked()).toHaveLength(2);
  });

  it('installs once for two commands at once', async () => {
    giveNpm(INSTALL);
    const both = await Promise.all([bootstrap(['echo', 'x']), bootstrap(['echo', 'y', 'z'])]);
    expect(both.map(({ status }) => status)).toEqual([1, 2]);
    expect(asked()).toHaveLength(1);
  });

  it('is not held up by a command that was killed while it installed', async () => {
    giveNpm(`kill -9 $PPID`);
    expect(await bootstrap(['echo'])).toMatchObject({ status: null, stdout: '' });
    giveNpm(INSTALL);
    expect(await bootstrap(['echo'])).toMatchObject({ status: 0, stdout: `${nodeFolder()}\n` });
  });

  it('takes packages that somebody installed by hand', async () => {
    giveNpm(INSTALL);
    mkdirSync(nodeFolder(), { recursive: true });
    writeFileSync(join(clone, NPM_RECORD), '{}');
    symlinkSync(process.execPath, join(nodeFolder(), 'node'));
    expect(await bootstrap(['echo'])).toMatchObject({ status: 0, stderr: '' });
    expect(asked()).toEqual([]);
  });

  it('fetches the Node of its package when npm ran no install scripts', async () => {
    giveNpm(
      `mkdir -p node_modules/node; echo {} > ${NPM_RECORD}; echo "const fs = require('node:fs'); fs.mkdirSync('bin'); fs.symlinkSync(process.execPath, 'bin/node')" > node_modules/node/installArchSpecificPackage.js`,
    );
    const first = await bootstrap(['echo'], '20.19.0');
    expect(first).toEqual({
      status: 0,
      stdout: `${nodeFolder()}\n`,
      stderr: `${INSTALLING}· fetching Node 24 (package "node")\n`,
    });
    expect(await bootstrap(['echo'], '20.19.0')).toMatchObject({ status: 0, stderr: '' });
  });
});

describe.runIf(process.platform === 'linux')('what cannot be installed is named in one sentence', () => {
  it('without npm', async () => {
    const sentence = 'There is no npm on this machine; install it with: apt-get install npm\n';
    expect(await bootstrap(['echo'])).toEqual(refused(INSTALLING + sentence));
  });

  it('where npm fails', async () => {
    giveNpm('echo "npm error network" >&2; exit 1');
    const sentence = 'The packages could not be installed; see the lines above and run: npm ci\n';
    expect(await bootstrap(['echo'])).toEqual(refused(`${INSTALLING}npm error network\n${sentence}`));
  });

  it('where the registry has no Node 24 and the one here is older', async () => {
    giveNpm(`mkdir -p node_modules; echo {} > ${NPM_RECORD}`);
    const sentence = 'Node 24 could not be installed from the package registry; run: npm rebuild node\n';
    expect(await bootstrap(['echo'], '20.19.0')).toEqual(refused(INSTALLING + sentence));
    // What was not set up is not taken for set up the next time.
    expect(await bootstrap(['echo'], '20.19.0')).toEqual(refused(sentence));
  });

  it('where node_modules is a link to the packages of another checkout: npm would empty it', async () => {
    giveNpm(INSTALL);
    mkdirSync(join(clone, 'elsewhere'));
    writeFileSync(
      join(clone, 'elsewhere/.installed-lock'),
      createHash('sha256').update('another lock file').digest('hex'),
    );
    symlinkSync(join(clone, 'elsewhere'), join(clone, 'node_modules'));
    const sentence =
      'node_modules is a link to another folder, and its packages are not those of package-lock.json; run npm ci there.\n';
    expect(await bootstrap(['echo'])).toEqual(refused(sentence));
    expect(asked()).toEqual([]);
  });

  it('where there is no such command', async () => {
    expect(await bootstrap(['dance'])).toEqual(
      refused('There is no tool "dance"; see package.json for the commands.\n'),
    );
  });
});
