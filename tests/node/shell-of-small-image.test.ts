import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { needsLinuxImage } from '../support/linux-image.ts';
import { readCases, type ShellCase } from '../support/shell/cases.ts';
import { ALL_CASES_MS, answersOf } from '../support/shell/run-in-session.ts';
import { renderSmallImagePage } from '../support/shell/small-image-page.ts';
import { isWhole } from '../support/whole.ts';

const ROOT = join(import.meta.dirname, '../..');
const cases = readCases();
/** Every third; the whole run has all of them, and the full image has them every day. */
const asked = cases.filter((_, at) => isWhole || at % 3 === 0);

/** The rows of a page that are of these cases, each with its topic. */
function rowsOf(page: string, of: readonly ShellCase[]): readonly string[] {
  return page.split('\n## ').flatMap((section) => {
    const [topic, ...rows] = section.split('\n');
    const own = of.filter((one) => one.topic === topic);
    return rows
      .filter((row) => own.some(({ title }) => row.startsWith(`| ${title} | `)))
      .map((row) => `${topic} ${row}`);
  });
}

describe('the small image', () => {
  beforeAll(needsLinuxImage);
  test(
    'answers otherwise what docs/small-image.md says, and nothing else',
    async () => {
      const page = readFileSync(join(ROOT, 'docs/small-image.md'), 'utf8');
      const now = renderSmallImagePage(asked, await answersOf('small', asked));
      expect(rowsOf(now, asked)).toEqual(rowsOf(page, asked));
      expect(rowsOf(page, asked).length).toBeGreaterThan(30);
      if (isWhole) expect(now).toBe(page);
    },
    ALL_CASES_MS,
  );
});
