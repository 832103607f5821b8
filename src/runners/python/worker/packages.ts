import { mountBlock, type EmscriptenModule as HeapModule } from '../heap/index.ts';
import { type AskMailbox, readPart } from '../../kit/worker/index.ts';

interface ManifestPackage {
  readonly name: string;
  readonly modules: readonly string[];
  readonly images: readonly string[];
  readonly requires: readonly string[];
}

interface Manifest {
  readonly heaps: Readonly<
    Record<string, { readonly images: readonly string[]; readonly provides: readonly string[] }>
  >;
  readonly packages: readonly ManifestPackage[];
}

export interface Packages {
  /** Whether a top-level module belongs to a package that can still come. */
  has(module: string): boolean;
  /** Images that a module needs and that are not mounted yet. */
  missing(module: string): string[];
  mount(image: string, block: Uint8Array): void;
  /** Reads by the mailbox until the whole image is here; null where the host has none. */
  read(image: string): Uint8Array | null;
}

/** Which packages lie where, and which of their files are here already. */
export function createPackages(options: {
  readonly manifest: Manifest;
  readonly start: string;
  readonly main: HeapModule;
  readonly mounted: readonly string[];
  readonly mailbox: AskMailbox | null;
}): Packages {
  const { manifest, main, mailbox } = options;
  const byName = new Map(manifest.packages.map((entry) => [entry.name, entry]));
  const byModule = new Map(
    manifest.packages.flatMap((entry) => entry.modules.map((module) => [module, entry] as const)),
  );
  const mounted = new Set(options.mounted);
  // Their code lies in the heap itself.
  const provided = new Set(manifest.heaps[options.start]?.provides ?? []);

  const imagesOf = (entry: ManifestPackage, seen: Set<ManifestPackage>, images: Set<string>): Set<string> => {
    if (seen.has(entry)) return images;
    seen.add(entry);
    if (!provided.has(entry.name)) for (const image of entry.images) images.add(image);
    for (const name of entry.requires) {
      const needed = byName.get(name);
      if (needed) imagesOf(needed, seen, images);
    }
    return images;
  };
  const missing = (module: string): string[] => {
    const entry = byModule.get(module);
    return entry ? [...imagesOf(entry, new Set(), new Set())].filter((image) => !mounted.has(image)) : [];
  };
  return {
    has: (module) => missing(module).length > 0,
    missing,
    mount(image, block) {
      if (mounted.has(image)) return;
      mountBlock(main, block);
      mounted.add(image);
    },
    read(image) {
      return mailbox ? readPart(mailbox, image) : null;
    },
  };
}
