import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GatheredPackage } from './packages/gather.ts';
import { HERE } from './paths.ts';

const NAME = 'LICENCES.txt';

/** Texts of all licences of what ships, as one file beside it; most licences ask for exactly that. */
export async function writeLicences(output: string, packages: readonly GatheredPackage[]): Promise<void> {
  const engine = await readFile(join(HERE, 'licences-engine.txt'), 'utf8');
  await writeFile(join(output, NAME), `${engine}\n${chaptersOf(packages)}`);
}

export async function appendLicences(output: string, packages: readonly GatheredPackage[]): Promise<void> {
  await appendFile(join(output, NAME), `\n${chaptersOf(packages)}`);
}

function chaptersOf(packages: readonly GatheredPackage[]): string {
  const chapters = packages.map(({ spec, licences, origin }) => {
    const none = spec.from === 'given' ? 'The wheel brings no text.' : 'Part of this project: see NOTICE and LICENSE.';
    const texts = licences.length > 0 ? licences.join('\n\n----\n\n') : none;
    return `==== ${spec.name}: ${spec.licence}\nFrom: ${origin}\n\n${texts}\n`;
  });
  return chapters.join('\n');
}
