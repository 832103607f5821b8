/** A command in code for a shell that a person is asked about before it runs. */
export interface AskedCommand {
  /** What can be allowed for a whole conversation; null where which command it is shows only when it runs. */
  readonly name: string | null;
  /** As it stands in the code, cut. */
  readonly text: string;
  /** A whole sentence. */
  readonly why: string;
}
