import { beforeAll, expect, test } from 'vitest';
import { siteInChromium } from '../support/chat-in-chromium.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { connectRunsClient, outcomeOf, type RunsClient, runRequest, textOf } from '../support/runs-client/index.ts';

const world = siteInChromium({ speed: 'instant' });
let client: RunsClient;

beforeAll(async () => {
  client = await connectRunsClient(await world.chromium.extensionPage('popup.html'));
});

const FILL = `import errno
held = 0
try:
    for n in range(20):
        with open(f'/mnt/data/f{n}', 'wb') as file:
            file.truncate(500 * 1024 * 1024)
        held += 1
except OSError as error:
    print(held, errno.errorcode[error.errno])`;

test('a program that fills the disk is told that it is full, and harms nobody else', async () => {
  const run = await client.run(runRequest(FILL, 'fill'));
  expect(textOf(run, 'stdout')).toBe('4 ENOSPC\n');
  const other = await client.run(runRequest("open('/mnt/data/a', 'w').write('fits')", 'other'));
  expect(outcomeOf(other)).toMatchObject({ kind: 'completed', result: '4' });
  const freed = `import os
os.remove('/mnt/data/f0')
open('/mnt/data/a', 'w').write('fits')`;
  expect(outcomeOf(await client.run(runRequest(freed, 'fill')))).toMatchObject({ kind: 'completed', result: '4' });
});

// 512 MB is the most of one file, 2 GB of a session; what is written last is written for real.
const FILL_BY_SHELL = `cd /mnt/data
held=0
for n in 1 2 3 4 5 6; do
  truncate -s 500M f$n || break
  held=$((held + 1))
done
echo held $held
dd if=/dev/zero of=last bs=1M count=200 && echo all of it
rm f1
echo fits >after && cat after`;

test('a shell that fills the disk is told that it is full, its machine goes on, and nobody else is harmed', async () => {
  needsLinuxImage();
  const shell = (code: string, session: string) => client.run(runRequest(code, session, { language: 'shell' }));
  const run = await shell(FILL_BY_SHELL, 'fill-by-shell');
  expect(outcomeOf(run)).toMatchObject({ kind: 'completed', exitCode: 0 });
  expect(textOf(run, 'stdout')).toBe('held 4\nfits\n');
  expect(textOf(run, 'stderr').match(/No space left on device/g)).toHaveLength(2);
  // Its own Python finds what the shell left, and the other session has its own room.
  const left = "import os\nprint(sorted((f.name, f.stat().st_size >> 20) for f in os.scandir('/mnt/data')))";
  expect(textOf(await client.run(runRequest(left, 'fill-by-shell')), 'stdout')).toMatch(
    /^\[\('after', 0\), \('f2', 500\), \('f3', 500\), \('f4', 500\), \('f5', 0\), \('last', 4\d\)\]\n$/,
  );
  expect(
    textOf(await shell('dd if=/dev/zero of=/mnt/data/mine bs=1M count=8 2>&1 | tail -1', 'other'), 'stdout'),
  ).toContain('8.4 MB');
});
