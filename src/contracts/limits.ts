/** The table of all bounds; its rows are in `limit-rows.ts`. */
export * as LIMITS from './limit-rows.ts';
