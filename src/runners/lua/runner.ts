import type { Runner } from '../../contracts/runner.ts';
import { createEngineRunner, engineSpec, type EngineSource } from '../kit/index.ts';
import { luaManifest } from './manifest.ts';

export interface LuaRunnerOptions {
  readonly source: EngineSource;
}

/** Lua in boxes. */
export function createLuaRunner({ source }: LuaRunnerOptions): Runner {
  return createEngineRunner({
    manifest: luaManifest,
    engine: () => engineSpec({ id: 'lua', source, modules: ['lua.wasm'] }),
  });
}
