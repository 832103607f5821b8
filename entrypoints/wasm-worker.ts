import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { startWasmWorker } from '../src/runners/wasm/worker.ts';

/** The classic script that the host hands to a box as the WebAssembly worker. */
export default defineUnlistedScript(() => startWasmWorker(globalThis));
