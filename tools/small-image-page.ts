import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openImage } from '../tests/support/linux/open-image.ts';
import { readCases } from '../tests/support/shell/cases.ts';
import { runInGuest } from '../tests/support/shell/run-in-guest.ts';
import { renderSmallImagePage } from '../tests/support/shell/small-image-page.ts';

// Writes docs/small-image.md anew, by running all cases in the small image: node tools/small-image-page.ts
const machine = await openImage('small');
const cases = readCases();
const page = renderSmallImagePage(cases, await runInGuest(machine, cases));
writeFileSync(join(import.meta.dirname, '../docs/small-image.md'), page);
await machine.dispose();
