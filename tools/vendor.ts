/**
 * Makes the vendored files under public/vendor: `node tools/vendor.ts [--from-url BASE]`. What is made lies in .cache (or
 * COMPANION_CACHE) and is made again only when its inputs change.
 */
import { VendorError } from './vendor/fatal.ts';
import { vendorPython } from './vendor/vendor-python.ts';

const say = (line: string): void => {
  console.log(line);
};

try {
  await vendorPython(say);
} catch (error) {
  if (!(error instanceof VendorError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
