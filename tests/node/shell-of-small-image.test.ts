import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { needsLinuxImage } from '../support/linux-image.ts';
import { readCases } from '../support/shell/cases.ts';
import { ALL_CASES_MS, answersOf } from '../support/shell/run-in-session.ts';
import { renderSmallImagePage } from '../support/shell/small-image-page.ts';

const ROOT = join(import.meta.dirname, '../..');
const cases = readCases();

describe('the small image', () => {
  beforeAll(needsLinuxImage);
  test(
    'answers otherwise what docs/small-image.md says, and nothing else',
    async () => {
      const page = readFileSync(join(ROOT, 'docs/small-image.md'), 'utf8');
      expect(renderSmallImagePage(cases, await answersOf('small', cases))).toBe(page);
    },
    ALL_CASES_MS,
  );
});
