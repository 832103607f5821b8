/** A failure that the person at the terminal can do something about: printed as its message, without a stack. */
export class VendorError extends Error {
  override readonly name = 'VendorError';
}
