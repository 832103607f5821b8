/**
 * Writes tools/linux/packages.lock.json from request.json and the signed indexes of the machine's mirror. For maintainers:
 * run it (`npm run build:linux -- --renew`) after changing request.json or when a pinned file has left the mirror, then
 * look at the difference.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PinnedFile } from '../vendor/debian/pins.ts';
import { lockText, openPrivateApt, type PrivateApt } from '../vendor/debian/private-apt.ts';
import type { GuestPackage, LinuxPins } from './pins.ts';
import { HERE } from './places.ts';

type Request = { readonly [name in keyof LinuxPins]: readonly string[] } & { readonly suite: string };

/** Pins all packages anew; gives a sentence on how many. */
export async function renewPins(): Promise<string> {
  const request = JSON.parse(await readFile(join(HERE, 'request.json'), 'utf8')) as Request;
  const { suite } = request;
  const builder = await openPrivateApt({ suite, suites: [suite], architecture: 'amd64' });
  const guest = await openPrivateApt({ suite, suites: [suite], architecture: 'i386' });
  const pins: LinuxPins = {
    toolchain: await builder.binaries(await builder.withDependencies(request.toolchain)),
    emulator: await builder.binaries(request.emulator),
    machine: await withSources(guest, await guest.binaries(request.machine)),
    small: await withSources(guest, await guest.binaries(request.small)),
    full: await withSources(guest, await guest.binaries(await guest.withDependencies(request.full))),
  };
  await writeFile(join(HERE, 'packages.lock.json'), lockText({ ...pins }));
  const counts = [pins.toolchain, pins.emulator, pins.machine, pins.small, pins.full].map((files) =>
    String(files.length),
  );
  return `pinned ${counts.join(' + ')} packages: to build with, of the emulator, of the machine, of the small image, of the full one`;
}

/** Licences ask for the very source of what ships: it often has another name, and after a rebuild another version. */
export async function withSources(apt: PrivateApt, files: readonly PinnedFile[]): Promise<GuestPackage[]> {
  const shown = await apt.show(files.map(({ name, version }) => `${name}=${version}`));
  const origins = new Map<string, { source: string; sourceVersion: string }>();
  for (const paragraph of shown.split('\n\n')) {
    const field = (key: string): string | undefined => new RegExp(`^${key}: (.*)$`, 'm').exec(paragraph)?.[1];
    const [name, version] = [field('Package'), field('Version')];
    if (name === undefined || version === undefined) continue;
    const [source = name, inBrackets] = (field('Source') ?? name).split(' ');
    origins.set(name, { source, sourceVersion: inBrackets?.slice(1, -1) ?? version });
  }
  return files.map((file) => {
    const origin = origins.get(file.name);
    if (origin === undefined) throw new Error(`the index does not say which source ${file.name} is from`);
    return { ...file, ...origin };
  });
}
