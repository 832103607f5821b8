import type { PackageEntry } from '../../contracts/analysis.ts';

const NO_C = 'it is written in C, and compiled modules cannot be loaded here';
const NO_NETWORK = 'programs here have no network';

/** What programs can require beyond Lua's own libraries and the workspace, and why not what they often want. */
export const luaPackages: Readonly<Record<string, PackageEntry>> = {
  lfs: { status: 'bundled', package: 'lfs' },
  socket: { status: 'unavailable', why: NO_NETWORK, instead: [] },
  ssl: { status: 'unavailable', why: NO_NETWORK, instead: [] },
  cjson: { status: 'unavailable', why: NO_C, instead: [] },
  lpeg: { status: 'unavailable', why: NO_C, instead: [] },
  posix: { status: 'unavailable', why: NO_C, instead: ['lfs'] },
  lsqlite3: { status: 'unavailable', why: NO_C, instead: [] },
};
