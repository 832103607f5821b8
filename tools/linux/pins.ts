import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PinnedFile } from '../vendor/debian/pins.ts';
import { HERE } from './places.ts';

/** A package that ships, and the source package it was built from. */
export interface GuestPackage extends PinnedFile {
  readonly source: string;
  readonly sourceVersion: string;
}

/** Every file of the Debian archive that the images are made of. */
export interface LinuxPins {
  /** Compilers and tools, for the machine that builds; nothing of them ships. */
  readonly toolchain: readonly PinnedFile[];
  /** Runs the guest's programs where the kernel of the machine that builds does not. */
  readonly emulator: readonly PinnedFile[];
  /** The kernel's source and the BIOS. */
  readonly machine: readonly GuestPackage[];
  /** Programs of the small image. */
  readonly small: readonly GuestPackage[];
  /** All packages of the full image. */
  readonly full: readonly GuestPackage[];
}

export async function readLinuxPins(): Promise<LinuxPins> {
  return JSON.parse(await readFile(join(HERE, 'packages.lock.json'), 'utf8')) as LinuxPins;
}

/** One package by its name. */
export function pinnedPackage<Pinned extends PinnedFile>(list: readonly Pinned[], name: string): Pinned {
  const found = list.find((one) => one.name === name);
  if (found === undefined) throw new Error(`packages.lock.json has no ${name}; run npm run build:linux -- --renew`);
  return found;
}
