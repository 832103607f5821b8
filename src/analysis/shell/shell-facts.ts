export interface ShellWord {
  readonly text: string;
  /** Whether something in it is put in when it runs. */
  readonly isComputed: boolean;
}

/** One command; `sudo rm x` gives two, the second inside the first. */
export interface ShellCommand {
  /** Its name without folders; null where it is computed. */
  readonly name: string | null;
  readonly words: readonly ShellWord[];
  readonly from: number;
  readonly to: number;
  /** Whether another command starts it (`sudo`, `xargs`, `find -exec`). */
  readonly isInner: boolean;
  /** Whether what it runs or reads comes from a download: `bash <(curl …)`. */
  readonly takesDownload: boolean;
}

export interface ShellRedirect {
  readonly access: 'read' | 'write' | 'both';
  readonly path: string | null;
  readonly from: number;
  readonly to: number;
}

export interface ShellLoop {
  readonly from: number;
  readonly to: number;
  readonly isEndless: boolean;
  readonly depth: number;
  readonly rounds: number | null;
}

export interface ShellFacts {
  readonly commands: readonly ShellCommand[];
  /** For each pipe its stages, each with the names of its commands. */
  readonly pipes: readonly {
    readonly stages: readonly (readonly string[])[];
    readonly from: number;
    readonly to: number;
  }[];
  readonly redirects: readonly ShellRedirect[];
  readonly loops: readonly ShellLoop[];
  /** Functions that start themselves side by side. */
  readonly selfSpawning: readonly { readonly from: number; readonly to: number }[];
  readonly functions: readonly string[];
  readonly decisions: number;
  /** Names of variables that are read but made nowhere before. */
  readonly unknownVariables: number;
  readonly hasGlobs: boolean;
  readonly inBackground: boolean;
  readonly errors: readonly { readonly message: string; readonly from: number }[];
  readonly isCut: boolean;
}
