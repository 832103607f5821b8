// The programs of the runner contract, by runner: a line each.
import type { ContractPrograms } from './contract-programs.ts';
import { pythonPrograms } from './python.ts';

/** By runner's id, one entry a language. */
export const CONTRACT_PROGRAMS: Readonly<Record<string, readonly ContractPrograms[]>> = {
  python: [pythonPrograms],
};

export type { ContractPrograms } from './contract-programs.ts';
