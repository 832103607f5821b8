import { beforeAll, expect, test } from 'vitest';
import { measured } from '../../bench/support/measured.ts';
import { startBrowser } from '../../bench/support/extension-browser.ts';
import { ensureBuilt } from '../../tools/build.ts';

beforeAll(async () => {
  await ensureBuilt('chrome');
  await ensureBuilt('firefox');
});

test.each(['chromium', 'firefox'] as const)('a row whose %s somebody else ends says so', async (name) => {
  const row = await measured('row', 'ms', async () => {
    await using started = await startBrowser(name);
    const page = await started.blankPage();
    const held = page.evaluate(() => new Promise<never>(() => undefined));
    process.kill(started.pid, 'SIGKILL');
    return { samples: [await held] };
  });
  expect(row).toMatchObject({ ok: false, n: 0 });
  expect(row.error).toContain(`${name} was lost: it ended with SIGKILL`);
  expect(row.error).toContain('Target closed');
});
