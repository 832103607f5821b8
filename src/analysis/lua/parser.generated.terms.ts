// Made from lua.grammar by tools/analyse-grammar.ts; not edited by hand.
export const LongString = 1;
export const BlockComment = 2;
