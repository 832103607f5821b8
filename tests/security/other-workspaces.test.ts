import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { siteInChromium } from '../support/chat-in-chromium.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { connectRunsClient, outcomeOf, type RunsClient, runRequest, textOf } from '../support/runs-client/index.ts';

// Threat: root in the Linux of one conversation reads the files or the machine of another. Both are of one host here, and
// their files lie in one store. A search that prints whatever looks like a mark finds its own and never theirs.
const mark = (): string => `mark-${randomBytes(8).toString('hex')}`;
const SEARCH = `found() { timeout 20 grep -saohE 'mark-[0-9a-f]{16}' "$@" | sort -u | while read -r line; do echo "$label $line"; done; }`;

/** Names of theirs, and of all that is above, in the words that a server of files could fall for. */
const NAMES = [
  '',
  '/',
  '.',
  '..',
  '../..',
  '../theirs',
  '../page:theirs',
  '/../page:theirs',
  'page:theirs',
  '/mnt/data',
];

describe('root in the Linux of one conversation, beside that of another', () => {
  beforeAll(needsLinuxImage);
  const world = siteInChromium({ speed: 'instant' });
  const mine = mark();
  const theirs = mark();
  let client: RunsClient;

  async function printed(session: 'mine' | 'theirs', code: string): Promise<string> {
    const run = await client.run(runRequest(code, session, { language: 'shell' }));
    expect(outcomeOf(run), textOf(run, 'stderr')).toMatchObject({ kind: 'completed' });
    return textOf(run, 'stdout');
  }
  const leave = (session: 'mine' | 'theirs', text: string) =>
    printed(
      session,
      `export NOTE=${text}; echo $NOTE | tee /mnt/data/note /root/note /dev/shm/note /tmp/note >/dev/null; sync`,
    );

  beforeAll(async () => {
    client = await connectRunsClient(await world.chromium.extensionPage('popup.html'));
    await leave('theirs', theirs);
    await leave('mine', mine);
  });

  test('both machines stand, and the search finds in each what was left in it', async () => {
    for (const [session, own] of [['theirs', theirs] as const, ['mine', mine] as const]) {
      const places = '/mnt/data /root /dev/shm /tmp/note /proc/self/environ';
      const each = `${SEARCH}; for label in ${places}; do found -r $label; done`;
      expect(await printed(session, each)).toBe(
        places
          .split(' ')
          .map((place) => `${place} ${own}\n`)
          .join(''),
      );
    }
  });

  test('mounts the files of others by any name: it has its own, whatever it asks for', async () => {
    const mounts = NAMES.map(
      (name, at) => `label=${at}
mount -t 9p -o 'trans=virtio,version=9p2000.L,aname=${name}' host9p /x && { (cd /x/.. && found -r x x/../x); umount /x; }`,
    );
    // The channel serves one mount at a time.
    const said = await printed('mine', `${SEARCH}\ncd /; mkdir /x; umount -l /mnt/data\n${mounts.join('\n')}`);
    expect(said).toBe(NAMES.map((_name, at) => `${at} ${mine}\n`).join(''));
  });

  test('binds, moves and links what it has mounted: there is nothing above it', async () => {
    const said = await printed(
      'mine',
      `${SEARCH}
cd /; mkdir /x/root /x/bound /x/moved; mount -t 9p -o trans=virtio,version=9p2000.L host9p /x/root
ln -s ../theirs /x/root/up; ln -s ../../page:theirs/note /x/root/note-of-theirs; mkdir /x/root/in
mount --bind /x/root/in /x/bound; mount --move /x/bound /x/moved; mount --bind /x/root /x/root/in
for label in /x/root/up /x/root/note-of-theirs /x/moved/../../theirs /x/root/in/../../theirs; do found -r $label; done
label=own; found -r /x/root/in
chroot /x/root/in /none; label=links; for link in /x/root/up /x/root/note-of-theirs; do cat $link; done
umount /x/root/in /x/moved; rmdir /x/root/in; rm /x/root/up /x/root/note-of-theirs; umount /x/root`,
    );
    expect(said).toBe(`own ${mine}\n`);
  });

  test('reads memory and disks: its machine has one disk, and the memory of no other', async () => {
    const said = await printed(
      'mine',
      `${SEARCH}
cd /x
opens() { rm -f node; mknod node $1 $2 $3; if head -c 64 node >/dev/null 2>&1; then echo "$4 opens"; else echo "$4 is not there"; fi; }
opens c 1 5 zeros; opens c 1 1 mem; opens c 1 2 kmem
[ -e /proc/kcore ] && echo "kcore is there"
ls /sys/block | grep -v loop
cat /sys/bus/virtio/drivers/9pnet_virtio/*/mount_tag | tr '\\0' '\\n'
label=processes; python3 - <<'END'
import glob, re
found = set()
for maps in glob.glob('/proc/[0-9]*/maps'):
    try:
        with open(maps) as lines, open(maps[:-4] + 'mem', 'rb', 0) as memory:
            for line in lines:
                first, last = (int(part, 16) for part in line.split()[0].split('-'))
                if 'r' not in line.split()[1] or last - first > 1 << 26: continue
                memory.seek(first)
                try: found.update(re.findall(rb'mark-[0-9a-f]{16}', memory.read(last - first)))
                except OSError: pass
    except OSError: pass
print('processes', b' '.join(sorted(found)).decode())
END`,
    );
    expect(said).toBe(`zeros opens\nmem is not there\nkmem is not there\nsda\nhost9p\nprocesses ${mine}\n`);
  });

  test('and theirs is as it was', async () => {
    expect(await printed('theirs', 'cat /mnt/data/note /root/note; ls -A /mnt/data')).toBe(
      `${theirs}\n${theirs}\nnote\n`,
    );
  });
});
