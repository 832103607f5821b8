import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Machine } from '../../src/container/machine/index.ts';
import { readLinuxPins } from '../../tools/linux/pins.ts';
import { linuxState } from '../../tools/linux/vendor-linux.ts';
import { bash, openImage } from '../support/linux/open-image.ts';

// The disk never comes out the same, byte for byte; its files do, as the machine left them whose state was saved. What changes one of
// them changes the list, which `npx vitest run --project linux tests/node/linux-image-files.test.ts -u` writes anew after `npm run build:linux`.

const TLS = '/usr/local/lib/guest/tls';
const AUTHORITY = `${TLS}/authority.pem`;
const ITS_COPY = '/usr/local/share/ca-certificates/companion.crt';
const TRUSTED = '/etc/ssl/certs/ca-certificates.crt';

/** What a build draws by chance, for the guest's own proxy. Only that they are there is the same. */
const DRAWN: ReadonlySet<string> = new Set([`${TLS}/authority.key`, AUTHORITY, `${TLS}/host.key`, ITS_COPY]);

/** Digest of whom the guest trusts beside its own proxy. */
const OTHERS = `set -euo pipefail
cmp ${AUTHORITY} ${ITS_COPY}
grep --line-regexp --fixed-strings --invert-match --file ${AUTHORITY} ${TRUSTED} | sha256sum`;

/**
 * Every file with its digest, and every file, link and folder with type, mode and owner, and where it leads; but for what is mounted
 * when it starts, and for /tmp.
 */
const LIST = `set -euo pipefail
found() {
  find / -xdev \\( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp \\) -prune -o "$@"
}
found -type f -print0 | xargs -0 sha256sum --zero | tr '\\0' '\\n'
echo
found -printf '%p\\t%y\\t%m\\t%U:%G\\t%l\\n'`;

describe('the disk of the full image', () => {
  let machine: Machine;
  beforeAll(async () => {
    machine = await openImage('full');
  });
  afterAll(() => machine.dispose());

  const asRoot = async (line: string): Promise<string> => {
    const { code, stdout, stderr } = await bash(machine, line, { uid: 0 });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  };

  it('is of the sources as they are', async () => {
    expect(await linuxState()).toBe('current');
  });

  it('has the packages that are pinned, in these versions', async () => {
    const { full } = await readLinuxPins();
    const pinned = full.map(({ name, version }) => `${name} ${version}`).sort();
    const installed = await asRoot(`dpkg-query --show --showformat '\${Package} \${Version}\\n'`);
    expect(installed.trimEnd().split('\n').sort()).toEqual(pinned);
  });

  it('has the files that are listed, as they are listed', async () => {
    const [digests = '', entries = ''] = (await asRoot(LIST)).split('\n\n');
    const digestOf = new Map(digests.split('\n').map((line) => [line.slice(66), line.slice(0, 64)]));
    digestOf.set(TRUSTED, (await asRoot(OTHERS)).slice(0, 64));
    const lines = entries.split('\n').filter((line) => line !== '');
    const listed = lines.map((line) => {
      const [path = '', type, mode, owner, end] = line.split('\t');
      const digest = DRAWN.has(path) ? 'drawn' : digestOf.get(path);
      return [path, type, mode, owner, end || digest].filter((part) => part !== undefined).join(' ');
    });
    expect(digestOf.size).toBeGreaterThan(5000);
    await expect(`${listed.sort().join('\n')}\n`).toMatchFileSnapshot('../fixtures/linux/full-image-files.txt');
  });
});
