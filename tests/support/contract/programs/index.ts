// The programs of the runner contract, by runner: a line each.
import type { ContractPrograms } from './contract-programs.ts';
import { javascriptPrograms, typescriptPrograms } from './javascript.ts';
import { linuxPrograms } from './linux.ts';
import { luaPrograms } from './lua.ts';
import { pythonPrograms } from './python.ts';
import { wasmPrograms } from './wasm.ts';

/** By runner's id, one entry a language. */
export const CONTRACT_PROGRAMS: Readonly<Record<string, readonly ContractPrograms[]>> = {
  javascript: [javascriptPrograms, typescriptPrograms],
  linux: [linuxPrograms],
  lua: [luaPrograms],
  python: [pythonPrograms],
  wasm: [wasmPrograms],
};

export type { ContractPrograms } from './contract-programs.ts';
