import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { testFolder } from '../tests/support/test-folder.ts';
import { BUDGETS, checkSizes, PAGES } from './sizes.ts';

const place = testFolder('sizes');

function write(browser: 'chrome' | 'firefox', file: string, text: string): void {
  const path = join(place, browser, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

test('what is over its budget is named, with what it imports, and nothing else is', () => {
  for (const { chrome, firefox } of BUDGETS) {
    for (const script of [chrome].flat()) write('chrome', script, '');
    for (const script of [firefox ?? []].flat()) write('firefox', script, '');
  }
  for (const { page } of PAGES) write('chrome', page, '<script src="/chunks/page.js"></script>');
  write('chrome', 'chunks/page.js', '');
  const check = () => checkSizes(join(place, 'chrome'), join(place, 'firefox'));
  const { passed, ...rest } = check();
  expect(rest).toStrictEqual({ failed: 0, skipped: 0, failures: [] });

  write('firefox', 'content-scripts/page-hook.js', ' '.repeat(16_001));
  write('firefox', 'content-scripts/chat.js', ' '.repeat(71_101));
  write('firefox', 'content-scripts/cards.js', ' '.repeat(141_000));
  write('chrome', 'offscreen.html', '<script src="/ahead.js"></script><script src="/chunks/host.js"></script>');
  write('chrome', 'ahead.js', '');
  write('chrome', 'chunks/host.js', 'import"./page.js";');
  write('chrome', 'popup.html', '<script src="/chunks/popup.js"></script>');
  write('chrome', 'chunks/popup.js', `import"./both.js";${' '.repeat(59_000)}`);
  write('chrome', 'chunks/both.js', ' '.repeat(60_000));
  expect(check()).toStrictEqual({
    passed: passed - 4,
    failed: 4,
    skipped: 0,
    failures: [
      'size of page hook (Firefox): 16.0 of 16 kB',
      'size of content scripts (Firefox): 212.1 of 212 kB',
      'size of offscreen.html first load (Chrome): 3 of 2 scripts',
      'size of popup.html first load (Chrome): 119.0 of 119 kB',
    ],
  });
});
