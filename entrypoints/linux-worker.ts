import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { startLinuxWorker } from '../src/runners/linux/worker.ts';

/** The classic script that the host hands to a box as the Linux worker. */
export default defineUnlistedScript(() => startLinuxWorker(globalThis));
