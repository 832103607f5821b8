/**
 * Makes the vendored files under public/vendor: `node tools/vendor.ts [--from-url BASE]`. What is made lies in
 * ~/.cache/chatgpt-companion (or COMPANION_CACHE) and is made again only when its inputs change. BASE is an address or folder
 * with official wheels of the pinned Pyodide: they replace those that we build, and give the optional science pack. They are
 * kept in this clone, so that later runs without BASE use them too. The Linux images are made by tools/build-linux.ts.
 */
import { parseArgs } from 'node:util';
import { vendorEngines } from './engines/vendor-engines.ts';
import { listLinux } from './linux/list-linux.ts';
import { VendorError } from './vendor/fatal.ts';
import { takeGiven } from './vendor/packages/from-url.ts';
import { vendorPython } from './vendor/vendor-python.ts';

const say = (line: string): void => {
  console.log(line);
};

try {
  const { values } = parseArgs({ options: { 'from-url': { type: 'string' } } });
  await vendorPython(say, await takeGiven({ base: values['from-url'] ?? null }, say));
  // After Python's, which writes the whole list of what is vendored.
  await vendorEngines(say);
  await listLinux();
} catch (error) {
  if (!(error instanceof VendorError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
