/** `fd_write` of `hi\n` and nothing else, in base64: what WASI itself costs, without the assembler. */
export const HI_MODULE =
  'AGFzbQEAAAABDAJgBH9/f38Bf2AAAAIjARZ3YXNpX3NuYXBzaG90X3ByZXZpZXcxCGZkX3dyaXRlAAADAgEBBQMBAAEHEwIGbWVtb3J5AgAGX3N0YXJ0AAEKDwENAEEBQQBBAUEMEAAaCwsRAQBBAAsLCAAAAAMAAABoaQo=';

/** `(func (export "add") (param i32 i32) (result i32) …)` in base64. */
export const ADD_MODULE = 'AGFzbQEAAAABBwFgAn9/AX8DAgEABwcBA2FkZAAACgkBBwAgACABags=';
