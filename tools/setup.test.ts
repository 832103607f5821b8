import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { giveProgram, linesOf } from '../tests/support/played-program.ts';
import { testFolder } from '../tests/support/test-folder.ts';

const machines = testFolder('machine');
let count = 0;
/** All that PATH holds: a machine with these programs and no others. */
let bin = '';
/** What apt-get was asked, a line each. */
let asked = '';

beforeEach(() => {
  count += 1;
  bin = join(machines, String(count));
  asked = join(bin, 'asked');
  mkdirSync(bin);
});

const give = (name: string, script: string): void => giveProgram(bin, name, script);

/** An apt-get that writes down what it is asked, and then does this. */
const giveApt = (then: string): void => give('apt-get', `echo "$DEBIAN_FRONTEND $@" >> '${asked}'\n${then}`);
const askedLines = (): string[] => linesOf(asked);

function run(args: readonly string[], user: 'root' | 'person') {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: join(import.meta.dirname, '..'),
    encoding: 'utf8',
    input: '',
    env: {
      PATH: bin,
      HOME: bin,
      // Whoever runs the tests: the script sees this user.
      NODE_OPTIONS: `--import=data:text/javascript,process.getuid=()=>${user === 'root' ? 0 : 1000}`,
    },
  });
  return { status, stdout, stderr };
}

const tool = (name: string, user: 'root' | 'person') => run([join('tools', `${name}.ts`)], user);
const setUp = (user: 'root' | 'person') =>
  run(
    [
      '--input-type=module',
      '--eval',
      `import { ensureSetUp } from './tools/setup.ts';
       await ensureSetUp().then(() => console.log('ready'), (error) => { console.error(error.message); process.exitCode = 1; });`,
    ],
    user,
  );

const COMMAND = 'apt-get update; apt-get install -y --no-install-recommends';

describe.runIf(process.platform === 'linux')('a command on a machine without browsers', () => {
  it.each([
    ['start', '', 'chromium', 'chromium', ''],
    ['bench', '', 'chromium and no firefox-esr', 'chromium firefox-esr', ''],
    ['exec', 'exec: ', 'chromium', 'chromium', ''],
    ['test', '', 'chromium and no firefox-esr', 'chromium firefox-esr', '0 passed, 1 failed\n'],
  ])('%s says in one sentence what somebody who is not root has to do', (name, before, what, packages, printed) => {
    giveApt('exit 0');
    expect(tool(name, 'person')).toEqual({
      status: 1,
      stdout: printed,
      stderr: `${before}This machine has no ${what}; install it as root with: ${COMMAND} ${packages}\n`,
    });
    expect(askedLines()).toEqual([]);
  });

  it('says in one sentence what is missing where there is no apt-get', () => {
    expect(tool('start', 'root')).toEqual({
      status: 1,
      stdout: '',
      stderr: 'This machine has no chromium; install it, or name the program in CHROMIUM.\n',
    });
  });
});

describe.runIf(existsSync('/usr/bin/dpkg-deb'))('what is built in a chroot', () => {
  const project = join(import.meta.dirname, '..');
  /** A command, with an argument, that does this with what a tool exports. */
  const command = (tool: string, does: string, user: 'root' | 'person') => {
    const file = join(bin, 'command.mjs');
    writeFileSync(
      file,
      `import * as tool from '${join(project, 'tools', tool)}';
       try { await ${does}; console.log('allowed'); } catch (error) { console.error(error.message); process.exitCode = 1; }`,
    );
    return { ...run([file, '--given'], user), file };
  };

  it.each([
    [
      'the Python wheels',
      'vendor/wheels/build-wheels.ts',
      "tool.buildWheels('', new Uint8Array(), () => undefined)",
      'vendor/wheels',
    ],
    [
      'the Linux images',
      'linux/build-root.ts',
      "tool.buildInside('none.sh', async () => undefined, async () => undefined)",
      'vendor',
    ],
  ])('says in one sentence how root builds %s', (what, tool, does, copied) => {
    const { file, ...ended } = command(tool, does, 'person');
    const cache = join(bin, '.cache/chatgpt-companion');
    const asRoot = `sudo COMPANION_CACHE=${cache} ${process.execPath} ${file} --given`;
    const givenBack = `sudo chown -R "$(id -u):$(id -g)" ${cache} ${join(project, 'public')}`;
    expect(ended).toEqual({
      status: 1,
      stdout: '',
      stderr: `Building ${what} needs Debian and root: run there ${asRoot} && ${givenBack}, or copy ${join(cache, copied)} from such a machine.\n`,
    });
  });

  it('lets root on Debian do it', () => {
    const refuse = "tool.refuseWithoutRoot('This', 'do without')";
    expect(command('vendor/debian/build-root.ts', refuse, 'root')).toMatchObject({ status: 0, stdout: 'allowed\n' });
    expect(command('vendor/debian/build-root.ts', refuse, 'person')).toMatchObject({ status: 1, stdout: '' });
  });
});

describe.runIf(process.platform === 'linux')('set-up as root', () => {
  it('renews the lists, installs what is missing and goes on', () => {
    give('chromium', 'exit 0');
    giveApt(
      `if [ "$1" = install ]; then echo '#!/bin/sh' > '${bin}/firefox-esr'; /bin/chmod 755 '${bin}/firefox-esr'; fi`,
    );
    expect(setUp('root')).toEqual({ status: 0, stdout: 'ready\n', stderr: '· installing firefox-esr\n' });
    expect(askedLines()).toEqual([
      'noninteractive update',
      'noninteractive install -y --no-install-recommends firefox-esr',
    ]);
    // The second time there is nothing to do.
    expect(setUp('root')).toEqual({ status: 0, stdout: 'ready\n', stderr: '' });
    expect(askedLines()).toHaveLength(2);
  });

  it('goes on with the lists that there are when they cannot be renewed', () => {
    give('firefox', 'exit 0');
    giveApt(`[ "$1" = install ] || exit 100; echo '#!/bin/sh' > '${bin}/chromium'; /bin/chmod 755 '${bin}/chromium'`);
    expect(setUp('root')).toMatchObject({ status: 0, stdout: 'ready\n' });
  });

  it.each([
    [
      'fails',
      'echo "E: Unable to locate package" >&2; exit 100',
      'E: Unable to locate package\nE: Unable to locate package\n',
    ],
    ['brings no program', 'exit 0', ''],
  ])('ends with one sentence and the command where apt-get %s', (_what, then, itsOwn) => {
    giveApt(then);
    expect(setUp('root')).toEqual({
      status: 1,
      stdout: '',
      stderr:
        `· installing chromium and firefox-esr\n${itsOwn}` +
        `chromium and firefox-esr could not be installed; see the lines above and run: ${COMMAND} chromium firefox-esr\n`,
    });
  });

  it('takes the programs that the environment names', () => {
    give('my-browser', 'exit 0');
    const named = join(bin, 'my-browser');
    const { status, stdout } = spawnSync(
      process.execPath,
      ['--input-type=module', '--eval', "await (await import('./tools/setup.ts')).ensureSetUp(); console.log('ready')"],
      { cwd: join(import.meta.dirname, '..'), encoding: 'utf8', env: { PATH: bin, CHROMIUM: named, FIREFOX: named } },
    );
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'ready\n' });
  });
});
