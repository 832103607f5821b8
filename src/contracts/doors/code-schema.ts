import * as v from 'valibot';
import type { AppErrorCode } from '../errors.ts';

/** A code by its form, without the list: the content script carries this. What nobody knows is worded as unknown. */
export const codeSchema = v.custom<AppErrorCode>(
  (value) => typeof value === 'string' && /^[a-z]{1,20}\/[a-z-]{1,60}$/.test(value),
);
