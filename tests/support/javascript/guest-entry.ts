import { startGuest } from '../../../src/runners/javascript/guest.ts';

startGuest();
