import { VendorError } from '../fatal.ts';

export function buildWheels(folder: string): Promise<void> {
  return Promise.reject(new VendorError(`not written yet: wheels into ${folder}`));
}
