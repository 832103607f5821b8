import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listAttackTests, renderThreatModel } from './attacks/attacks-page.ts';

// Writes the list of attack tests in docs/threat-model.md anew: node tools/attacks-page.ts
writeFileSync(join(import.meta.dirname, '../docs/threat-model.md'), renderThreatModel(await listAttackTests()));
