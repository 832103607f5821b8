import { describeEveryRunner } from '../support/contract/every-runner.ts';

describeEveryRunner('chrome');
