/** The protocol's bound of an error's text, in characters. */
const MOST = 4_000;

/** With the stack, which tells who mends an engine where it failed. */
export const describeError = (error: unknown): string =>
  String(error instanceof Error ? `${error.message}\n${error.stack}` : error).slice(0, MOST);

/** What ended an engine, as a person reads it: without the stack of ours, and with all that the engine itself said. */
export const wordsOf = (error: unknown): string =>
  String(error instanceof Error ? error.message : error).slice(0, MOST);
