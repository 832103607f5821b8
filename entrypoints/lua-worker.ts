import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { startLuaWorker } from '../src/runners/lua/worker.ts';

/** The classic script that the host hands to a box as the Lua worker. */
export default defineUnlistedScript(() => startLuaWorker(globalThis));
