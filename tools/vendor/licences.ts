import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GatheredPackage } from './packages/gather.ts';
import { HERE } from './paths.ts';

/** Texts of all licences of what ships, as one file beside it; most licences ask for exactly that. */
export async function writeLicences(output: string, packages: readonly GatheredPackage[]): Promise<void> {
  const chapters = packages.map(({ spec, licences, origin }) => {
    const texts = licences.length > 0 ? licences.join('\n\n----\n\n') : 'Part of this project: see NOTICE and LICENSE.';
    return `==== ${spec.name}: ${spec.licence}\nFrom: ${origin}\n\n${texts}\n`;
  });
  const engine = await readFile(join(HERE, 'licences-engine.txt'), 'utf8');
  await writeFile(join(output, 'LICENCES.txt'), `${engine}\n${chapters.join('\n')}`);
}
