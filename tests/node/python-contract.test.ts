import { openPython } from '../support/python/open-session.ts';
import { describeRunner } from '../support/runner-contract.ts';

const PROGRAMS = {
  print: 'import sys\nprint("one")\nprint("two")\nprint("oops", file=sys.stderr)',
  answer: '6 * 7',
  setVariable: 'kept = 7',
  readVariable: 'kept',
  fail: 'x = 1\n{}["missing"]',
  broken: 'for x in',
  endless: 'print("go", flush=True)\nwhile True: pass',
  exit: 'import sys\nsys.exit(3)',
};

describeRunner('python with shared memory', async () => (await openPython('base')).session, PROGRAMS);
describeRunner('python without', async () => (await openPython('base', { hasSharedMemory: false })).session, PROGRAMS);
