import { promisify } from 'node:util';
import { constants, gunzipSync, zstdCompress } from 'node:zlib';
import { zipSync } from 'fflate';
import { GUEST_WHEELS } from '../../src/contracts/guest-wheels.ts';
import type { WheelList, WheelRow } from '../../src/runners/linux/wheels-file.ts';
import { sha256 } from '../vendor/digest.ts';
import { VendorError } from '../vendor/fatal.ts';
import { type GatheredPackage, gatherPackages } from '../vendor/packages/gather.ts';
import { selectFiles } from '../vendor/packages/select.ts';
import { normalName, readPackagePins, readSpecs } from '../vendor/packages/spec.ts';
import type { Tree } from '../vendor/packages/tree.ts';

const compress = promisify(zstdCompress);
const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 22, [constants.ZSTD_c_windowLog]: 24 } };
/** Says nothing, and is the same in each build. */
const MOMENT = new Date(2000, 0, 1);
const WHEEL = 'Wheel-Version: 1.0\nGenerator: companion\nRoot-Is-Purelib: true\nTag: py3-none-any\n';
const INFO = /^[^/]+\.(?:dist|egg)-info\//;

/** A wheel and what the list says of it but its place. */
interface Wheel extends Omit<WheelRow, 'at'> {
  readonly contents: Uint8Array;
}

export interface WheelPack {
  readonly bytes: Uint8Array;
  /** A line for each wheel: name, version, where it is from, licence. */
  readonly origins: readonly string[];
}

/** The pack that `src/runners/linux/wheels-file.ts` describes. Throws VendorError where a package has more than plain Python. */
export async function wheelPack(say: (line: string) => void): Promise<WheelPack> {
  const [specs, pins] = await Promise.all([readSpecs(), readPackagePins()]);
  const wanted = specs.filter(({ name }) => GUEST_WHEELS.includes(indexName(name)));
  if (wanted.length < GUEST_WHEELS.length) throw new VendorError('guest-wheels.ts names what packages.json does not');
  const gathered = await gatherPackages(wanted, pins, new Map(), say);
  const made = gathered.map((one) => ({ ...one, wheel: wheelOf(one) }));
  made.sort(({ wheel: one }, { wheel: other }) => (one.name < other.name ? -1 : 1));
  const wheels = made.map(({ wheel }) => wheel);
  const files = [...pins.official.wheels, ...pins.built].map(({ file }) => file);
  const compiled = files.filter((file) => !file.endsWith('-none-any.whl')).map((file) => indexName(file.split('-')[0]));
  let at = 0;
  const rows = wheels.map(({ contents, ...row }): WheelRow => ({ ...row, at: (at += contents.length) - row.bytes }));
  const list = Buffer.from(JSON.stringify({ wheels: rows, compiled } satisfies WheelList));
  const plain = Buffer.concat([lengthOf(list), list, ...wheels.map(({ contents }) => contents)]);
  return {
    bytes: Buffer.concat([lengthOf(plain), await compress(plain, LEVEL)]),
    origins: made.map(({ wheel, spec, origin }) => `${wheel.name} ${wheel.version} (${origin}): ${spec.licence}`),
  };
}

function lengthOf(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return length;
}

/** As an index compares names. Source: PEP 503. */
const indexName = (name = ''): string => normalName(name).replaceAll('_', '-');

/** A package as Debian or its wheel had it, as a wheel, with the texts of its licences. Stored: the pack is squeezed as a whole. */
function wheelOf({ spec, tree, licences }: GatheredPackage): Wheel {
  if (licences.length === 0) throw new VendorError(`${spec.name} brings no text of its licence`);
  const kept = selectFiles(
    tree,
    (spec.drop ?? []).map((pattern) => new RegExp(pattern)),
  );
  const needs = [...tree].find(([path]) => path.endsWith('.egg-info/requires.txt'));
  if ([...kept.keys()].some((path) => path.endsWith('.so')) || /^[^[\s]/.test(textOf(needs?.[1])))
    throw new VendorError(`${spec.name} is no plain Python, or says what it needs as setuptools alone reads it`);
  const metadata = textOf([...kept].find(([path]) => /\/(METADATA|PKG-INFO)$/.test(path))?.[1]);
  const said = (field: string): string | null => new RegExp(`^${field}: (.+)$`, 'm').exec(metadata)?.[1] ?? null;
  const version = said('Version');
  if (version === null) throw new VendorError(`${spec.name} does not say its version`);
  const stem = `${normalName(spec.name)}-${version}`;
  const files: Tree = new Map([...kept].filter(([path]) => !INFO.test(path)).map(unpacked));
  const info = (name: string, text: string) => files.set(`${stem}.dist-info/${name}`, Buffer.from(text));
  const commands = [...kept].find(([path]) => path.endsWith('/entry_points.txt'))?.[1];
  if (commands) info('entry_points.txt', textOf(commands));
  info('METADATA', metadata);
  info('WHEEL', WHEEL);
  // As wheels have them. Source: PEP 639.
  for (const [position, text] of licences.entries()) info(`licenses/LICENSE${position ? `.${position}` : ''}`, text);
  info('RECORD', [...files.keys(), `${stem}.dist-info/RECORD`].map((path) => `${path},,\n`).join(''));
  const contents = zipSync(Object.fromEntries(files), { level: 0, mtime: MOMENT });
  return {
    name: indexName(spec.name),
    version,
    file: `${stem}-py3-none-any.whl`,
    sha256: sha256(contents),
    requiresPython: said('Requires-Python'),
    bytes: contents.length,
    contents,
  };
}

/** dateutil's zones, which it opens packed or not: plain they have the same bytes as pytz's, and are 130 kB less in the pack. */
const unpacked = ([path, contents]: readonly [string, Uint8Array]): [string, Uint8Array] => [
  path,
  path.endsWith('.tar.gz') ? gunzipSync(contents) : contents,
];

const textOf = (bytes: Uint8Array = new Uint8Array(0)): string => new TextDecoder().decode(bytes);
