import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderFailures } from './failures/failures-page.ts';

// Writes docs/failures.md anew: node tools/failures-page.ts
writeFileSync(join(import.meta.dirname, '../docs/failures.md'), renderFailures());
