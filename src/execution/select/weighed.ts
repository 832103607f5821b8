import type { SelectionFactor } from '../../contracts/selection.ts';

/** Something that was weighed. `limits`: it runs here, but not all of it will work; `alternatives`: what to do instead. */
export interface Weighed extends SelectionFactor {
  readonly limits?: boolean;
  readonly alternatives?: readonly string[];
  /** How the person can allow it, after which it does not speak against this device. */
  readonly allow?: string;
}
