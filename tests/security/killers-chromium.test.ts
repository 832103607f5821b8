import { describeKillersIn } from '../support/killers/describe-in-browser.ts';

describeKillersIn('chrome');
