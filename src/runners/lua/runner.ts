import type { Runner } from '../../contracts/runner.ts';
import { createEngineRunner, engineSpec, type EngineSource } from '../kit/index.ts';
import { luaManifest } from './manifest.ts';

export interface LuaRunnerOptions {
  readonly source: EngineSource;
}

/** Lua looks every 1000 instructions; only long native work (a pattern, a sort) does not, and waits in vain for its turn. */
const STOP_GRACE_MS = 300;

/** Lua in boxes. */
export function createLuaRunner({ source }: LuaRunnerOptions): Runner {
  return createEngineRunner({
    manifest: luaManifest,
    engine: () => engineSpec({ id: 'lua', source, modules: ['lua.wasm'] }),
    stopGraceMs: STOP_GRACE_MS,
  });
}
