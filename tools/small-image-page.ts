import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCases } from '../tests/support/shell/cases.ts';
import { answersOf } from '../tests/support/shell/run-in-session.ts';
import { renderSmallImagePage } from '../tests/support/shell/small-image-page.ts';

// Writes docs/small-image.md anew, by running all cases in the small image: node tools/small-image-page.ts
const cases = readCases();
const page = renderSmallImagePage(cases, await answersOf('small', cases));
writeFileSync(join(import.meta.dirname, '../docs/small-image.md'), page);
