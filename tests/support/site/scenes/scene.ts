/** How the site answers its own Python call. */
export interface SiteResult {
  readonly text: string;
  readonly delayMs: number;
  readonly exception?: string;
  readonly hasImage?: boolean;
  /** Text of a second result of the same call. */
  readonly second?: string;
}

export interface CallStep {
  readonly kind: 'call';
  readonly code: string;
  readonly form: 'whole' | 'appended';
  /** What tells a call that the model makes before it answers: channel `analysis`, `reasoning_status`, or both. */
  readonly thinkingMarks?: readonly ('channel' | 'status')[];
  readonly recipient?: string;
  /** Null: the site never answers. */
  readonly result: SiteResult | null;
  /** The answer comes after the next call, so that two calls are open at once. */
  readonly resultAfterNext?: boolean;
}

export type Step =
  | { readonly kind: 'thoughts'; readonly summary: string; readonly text: string }
  | CallStep
  | { readonly kind: 'text'; readonly text: string; readonly channel: 'final' | 'commentary' }
  | {
      readonly kind: 'tool';
      readonly recipient: string;
      readonly body: string;
      readonly language?: string;
      readonly answer: string;
    }
  | { readonly kind: 'late-image'; readonly delayMs: number }
  | { readonly kind: 'raw'; readonly text: string }
  | { readonly kind: 'seed'; readonly frame: Record<string, unknown> };

/** One scripted turn, chosen by its name. */
export interface Scene {
  readonly name: string;
  /** What a person would type to get it. */
  readonly prompt: string;
  readonly title: string;
  /** Offered in the bar of `npm start`. */
  readonly isShown: boolean;
  readonly steps: readonly Step[];
  readonly shape?: 'drifted';
}
