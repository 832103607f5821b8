import { LIMITS } from './limits.ts';
import type { Settings } from './settings.ts';

/** The defaults of the schema, as plain values (a test compares): the content script has them without the schema. */
export const DEFAULT_SETTINGS: Settings = {
  isOn: true,
  startCalls: 'auto',
  thinkingCalls: 'unset',
  runTimeMs: LIMITS.runTimeMs.standard,
  pythonMemoryMB: LIMITS.pythonMemoryMB.standard,
  pythonStart: 'auto',
  otherMemoryMB: LIMITS.otherMemoryMB.standard,
  runsAtOnce: LIMITS.runsAtOnce.standard,
  poolMB: LIMITS.poolMB.standard,
  sessionIdleMs: LIMITS.sessionIdleMs.standard,
  queueStrategy: 'sequential',
  networkMB: LIMITS.networkMB.standard,
  usesCache: true,
  hereTimeMs: LIMITS.hereTimeMs.standard,
  hereMemoryMB: LIMITS.hereMemoryMB.standard,
  places: {},
};
