import { beforeAll, expect, test } from 'vitest';
import { siteInChromium } from '../support/chat-in-chromium.ts';
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
