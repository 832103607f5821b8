/**
 * Builds the Linux images into public/vendor/linux: `npm run build:linux`. Its parts lie in
 * ~/.cache/chatgpt-companion (or COMPANION_CACHE) and are made again only when what they are made from changes. With `-- --renew` it pins the packages anew instead, with
 * `-- --twice` it compiles the kernel once more and compares.
 */
import { parseArgs } from 'node:util';
import { compareKernels } from './linux/kernel.ts';
import { renewPins } from './linux/resolve.ts';
import { vendorLinux } from './linux/vendor-linux.ts';
import { VendorError } from './vendor/fatal.ts';

const say = (line: string): void => {
  console.log(line);
};

try {
  const { values } = parseArgs({ options: { renew: { type: 'boolean' }, twice: { type: 'boolean' } } });
  if (values.renew) say(await renewPins());
  else await vendorLinux(say);
  if (values.twice) say(await compareKernels(say));
} catch (error) {
  if (!(error instanceof VendorError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
