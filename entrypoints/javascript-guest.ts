import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { startGuest } from '../src/runners/javascript/guest.ts';

/** The script that the JavaScript worker runs first inside of QuickJS: what programs find there. */
export default defineUnlistedScript(() => startGuest());
