import { describeKillersIn } from '../support/killers/describe-in-browser.ts';

// Without shared memory to stop by.
describeKillersIn('firefox');
