/** A value that a program shows, or ends with. */
export interface ShownValue {
  /** As the prompt shows it. */
  readonly text: string | null;
  readonly isRecords: boolean;
  /** Of plain data. */
  readonly json: string | null;
}

/** How a program ended. */
export type LuaEnd =
  | ({ readonly kind: 'values' } & ShownValue)
  | { readonly kind: 'exit'; readonly exitCode: number }
  | {
      readonly kind: 'error';
      readonly stage: 'syntax' | 'running';
      readonly isMemory: boolean;
      readonly message: string;
      readonly traceback: string | null;
    }
  | { readonly kind: 'stopped' };
