import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Machine } from '../../src/container/machine/index.ts';
import { bash, openImage } from '../support/linux/open-image.ts';

// The disk never comes out the same, byte for byte; its files do. Packages are pinned by SHA-256, and each brings the digests of its
// files, by which dpkg looks for what has changed.

const GUEST = join(import.meta.dirname, '../../tools/linux/guest');
const PYTHON = join(import.meta.dirname, '../../src/runners/python');
const OWN = '/usr/local/lib/guest';

/** What rootfs.sh takes away, and what LEAN of tools/linux/disk.ts keeps away. */
const TAKEN: readonly RegExp[] = [
  /^\/usr\/share\/(doc|man|info|locale|lintian|bug|bash-completion|zoneinfo)(\/|$)/u,
  /^\/usr\/(share\/perl|share\/perl5\/Git|lib\/i386-linux-gnu\/(lib)?perl|share\/gitweb)/u,
  /^\/usr\/(bin\/(git-shell|scalar)|lib\/git-core\/(scalar|git-(daemon|http-backend|http-fetch|http-push|imap-send|shell)))$/u,
  /^\/usr\/lib\/python3\.11\/(pydoc_data|test|idlelib|lib2to3|turtledemo)(\/|$)/u,
  /^\/usr\/lib\/i386-linux-gnu\/(gconv\/|[^/]+\.a$)/u,
  /^\/var\/(cache|log|lib\/apt\/lists)\//u,
];

/** What packages brought, and what lies on the disk of files and links that no package did, with where each of these leads. */
const LISTS = `cd /tmp
sed -e 's#^/\\(bin\\|sbin\\|lib\\)/#/usr/\\1/#' /var/lib/dpkg/info/*.list | sort -u > known
find / -xdev \\( -path /var/lib/dpkg -o -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp -o -path /mnt/data \\) -prune \\
  -o \\( -type f -o -type l \\) -print | sort | comm -13 known - > strangers
xargs -d '\\n' readlink -m -- < strangers > ends`;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');

describe('the files on the disk of the full image', () => {
  let machine: Machine;
  beforeAll(async () => {
    machine = await openImage('full');
  });
  afterAll(() => machine.dispose());
  const asRoot = (line: string): ReturnType<typeof bash> => bash(machine, line, { uid: 0 });

  it('are those of the pinned packages, but for what is taken away on purpose', { timeout: 180_000 }, async () => {
    const { stdout } = await asRoot('dpkg --verify');
    const [missing, changed] = [/^missing /u, /^(?!missing )/u].map((of) =>
      linesOf(stdout).filter((line) => of.test(line)),
    );
    expect(changed).toEqual([]);
    const paths = (missing ?? []).map((line) => line.slice(line.indexOf('/')).replace(/ \(.*\)$/u, ''));
    expect(paths.length).toBeGreaterThan(1000); // it has looked
    expect(paths.filter((path) => !TAKEN.some((pattern) => pattern.test(path)))).toEqual([]);

    // And it sees what is not as it was pinned.
    const { stdout: now } = await asRoot('echo x >> /usr/bin/jq; dpkg --verify jq');
    expect(linesOf(now).filter((line) => !line.startsWith('missing '))).toEqual(['??5??????   /usr/bin/jq']);
  });

  it('and ours, as they lie here', async () => {
    const own = (await readdir(join(GUEST, 'companion_guest'))).filter((name) => name.endsWith('.py'));
    const places = new Map([
      [`${OWN}/fork-server.py`, join(GUEST, 'fork-server.py')],
      [`${OWN}/tls/openssl.cnf`, join(GUEST, 'tls.cnf')],
      [`${OWN}/companion_guest/installs.py`, join(PYTHON, 'support/companion_runtime/installs.py')],
      [`${OWN}/known-packages.json`, join(PYTHON, 'packages.generated.json')],
      ['/usr/local/bin/npm', join(GUEST, 'bin/npm')],
      ['/usr/local/bin/node', join(GUEST, 'bin/node')],
      ['/usr/local/bin/pip', join(GUEST, 'bin/pip')],
      ['/usr/lib/python3.11/sitecustomize.py', join(GUEST, 'sitecustomize.py')],
      ...own.map((name) => [`${OWN}/companion_guest/${name}`, join(GUEST, 'companion_guest', name)] as const),
    ]);
    const { stdout } = await asRoot(`sha256sum ${[...places.keys()].join(' ')}`);
    const expected = await Promise.all([...places].map(async ([at, from]) => `${sha256(await readFile(from))}  ${at}`));
    expect(linesOf(stdout)).toEqual(expected);
  });

  it('and what installing them makes, by name', async () => {
    await asRoot(LISTS);
    const list = async (name: string): Promise<string[]> => linesOf((await asRoot(`cat /tmp/${name}`)).stdout);
    const [known, strangers, ends] = [new Set(await list('known')), await list('strangers'), await list('ends')];
    expect(ends).toHaveLength(strangers.length);
    const there = new Set([...known, ...strangers]);
    const isCompiled = (path: string): boolean => {
      const [, folder = '', name = ''] = /^(.*)\/__pycache__\/(.*)\.cpython-311\.pyc$/u.exec(path) ?? [];
      return there.has(`${folder}/${name}.py`);
    };
    // A link to what a package brought adds nothing; names of authorities and of alternatives are such links.
    const names = strangers.filter((path, position) => !isCompiled(path) && !known.has(ends[position] ?? ''));
    await expect(`${names.join('\n')}\n`).toMatchFileSnapshot('../fixtures/linux/files-of-no-package.txt');
  });
});
