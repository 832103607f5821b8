import { fail } from '../../base/index.ts';
import { appError } from '../../contracts/errors.ts';
import type { exportZip as exportNow } from './export-zip.ts';
import type { importZip as importNow } from './import-zip.ts';

// zip.js is 100 kB and few hosts ever pack anything: it is loaded when it is first used.
const unavailable = (cause: unknown) => fail(appError('files/unavailable', 'zip', cause));

/** See `export-zip.ts`. */
export const exportZip: typeof exportNow = async (files, request) => {
  try {
    return await (await import('./export-zip.ts')).exportZip(files, request);
  } catch (cause) {
    return unavailable(cause);
  }
};

/** See `import-zip.ts`. */
export const importZip: typeof importNow = async (files, request) => {
  try {
    return await (await import('./import-zip.ts')).importZip(files, request);
  } catch (cause) {
    return unavailable(cause);
  }
};
