import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PinnedFile } from '../vendor/debian/pins.ts';
import { lockText, openPrivateApt } from '../vendor/debian/private-apt.ts';
import { type GuestPackage, readLinuxPins } from './pins.ts';
import { HERE } from './places.ts';
import { withSources } from './resolve.ts';

const LOCK = join(HERE, 'tool-pack.lock.json');

/** Every file of the Debian archive that the tool pack is made of. */
export interface ToolPackPins {
  /** For the machine that builds: patchelf. */
  readonly builder: readonly PinnedFile[];
  /** What is in the pack and not in the full image. */
  readonly packages: readonly GuestPackage[];
}

export async function readToolPackPins(): Promise<ToolPackPins> {
  return JSON.parse(await readFile(LOCK, 'utf8')) as ToolPackPins;
}

/** Pins the packages of the pack anew, from the machine's mirror; gives a sentence on how many. */
export async function renewToolPackPins(): Promise<string> {
  const request = JSON.parse(await readFile(join(HERE, 'tool-pack.json'), 'utf8')) as {
    readonly suite: string;
    readonly builder: readonly string[];
    readonly packages: readonly string[];
  };
  const { suite } = request;
  const { full } = await readLinuxPins();
  const inImage = new Set(full.map(({ name }) => name));
  const builder = await openPrivateApt({ suite, suites: [suite], architecture: 'amd64' });
  const guest = await openPrivateApt({ suite, suites: [suite], architecture: 'i386' });
  const wanted = await guest.withDependencies(request.packages);
  const pins: ToolPackPins = {
    builder: await builder.binaries(request.builder),
    packages: await withSources(
      guest,
      await guest.binaries(wanted.filter((named) => !inImage.has(named.split('=')[0] ?? ''))),
    ),
  };
  await writeFile(LOCK, lockText({ ...pins }));
  return `pinned ${String(pins.packages.length)} packages of the tool pack`;
}
