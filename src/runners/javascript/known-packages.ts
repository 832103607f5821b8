import type { PackageEntry } from '../../contracts/analysis.ts';
import { UNAVAILABLE } from './worker/unavailable.ts';

/** Node's modules that are here. */
export const BUILTIN_MODULES: readonly string[] =
  `assert assert/strict buffer console crypto events fs fs/promises module os path path/posix perf_hooks process
   querystring readline readline/promises stream stream/consumers stream/promises string_decoder test timers
   timers/promises url util util/types zlib`.split(/\s+/u);

/** Those of `packages.json`, which `tools/engines/javascript-packages.ts` makes. */
const BUNDLED = ['lodash', 'date-fns', 'dayjs', 'papaparse', 'nanoid', 'simple-statistics'];

const topOf = (name: string): string => name.split('/')[0] ?? name;

/** What programs can import, and why they cannot import what they often want; for who reads code without running it. */
export const javascriptPackages: Readonly<Record<string, PackageEntry>> = Object.fromEntries<PackageEntry>([
  ...Object.entries(UNAVAILABLE).map(([name, why]) => [name, { status: 'unavailable', why, instead: [] }] as const),
  ...[...BUILTIN_MODULES, ...BUNDLED].map(
    (name) => [topOf(name), { status: 'bundled', package: topOf(name) }] as const,
  ),
]);
