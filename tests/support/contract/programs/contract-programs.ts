import type { Language } from '../../../../src/contracts/run.ts';

/**
 * The same small programs in a runner's language. `null` where the language has no way to say it: then every case that needs
 * it must be an exception with a reason.
 */
export interface ContractPrograms {
  readonly language: Language;
  /** Prints `one` and `two` on two lines, then `oops` as an error message. */
  readonly print: string;
  /** Its result is `42`. */
  readonly answer: string | null;
  /** Sets a variable that `readVariable` gives as its result, `7`, or prints where the language has no values. */
  readonly setVariable: string | null;
  /** Fails, or gives something else than `7`, where the variable was not set. */
  readonly readVariable: string | null;
  /** Fails with an exception on its second line. */
  readonly fail: string;
  /** Cannot be parsed. */
  readonly broken: string;
  /** Prints `go` on a line, then runs for ever. */
  readonly endless: string;
  /** Prints `go` on a line, then runs for ever and catches all that can be caught. */
  readonly stubborn: string;
  /** Ends with exit code 3. */
  readonly exit: string;
  /** Prints lines of some hundred characters without end. */
  readonly flood: string;
  /** Takes memory until it gets no more, and does not catch the failure. */
  readonly hoard: string;
  /** Prints `hello ` and the line of input that it asked for; `hello nobody` at the end of the input. */
  readonly greet: string | null;
  /** Prints the text at `https://api.example.org/hello`; null exactly where the manifest says that there is no network. */
  readonly reach: string | null;
  /** Shows a figure; null exactly where the manifest says that none are shown. */
  readonly figure: string | null;
  /** Calls a function that only this product gives, then prints `called`; null exactly where the manifest says that there is none. */
  readonly callHost: string | null;
  /** On its second line, gives `displayTable` a number in the place of its rows; null also where `callHost` is. */
  readonly callHostWrong: string | null;
  /** Writes this text into the file, making it new. Paths are relative to the tree's root, plain ASCII or not, without quotes. */
  readonly write: (path: string, text: string) => string;
  /** Prints the text of the file, and nothing else. Fails where it is not there. */
  readonly read: (path: string) => string;
  /** Prints `waiting` on a line while the file is not there, waits until it is, and prints its text. */
  readonly awaitFile: (path: string) => string;
  readonly rename: (from: string, to: string) => string;
  readonly remove: (path: string) => string;
  /**
   * Opens the file anew, writes `old`, removes it, writes this text into another of that name, and then `er` into the first,
   * which is still open, and closes it. None of that fails.
   */
  readonly replaceOpen: (path: string, text: string) => string;
  readonly makeFolder: (path: string) => string;
  /** Prints the names in a folder, sorted, one a line. */
  readonly list: (path: string) => string;
  /** Writes a file of so many bytes, byte n being n modulo 251, and nothing else. */
  readonly writeBytes: (path: string, count: number) => string;
  /** Prints the number of bytes, a blank, and their sum. */
  readonly sumBytes: (path: string) => string;
  /** Cases that this runner cannot pass, by name, and why. A case that passes is no exception. */
  readonly exceptions: Readonly<Record<string, string>>;
}
