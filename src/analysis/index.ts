// Reads code: language, imports, risk with reasons, estimates. Imports base, contracts, parsers. Never runs code.
export { type Analyser, type AnalyserChoices, createAnalyser } from './analyse.ts';
export { type KnownPackages } from './judge/dependencies.ts';
export { parseAnalysisOptions, STANDARD_OPTIONS } from './options.ts';
export { readAsked } from './shell/asked/read-asked.ts';
export { BUILT_IN_RULES } from './rules/index.ts';
export { type Fix, suggestFixes } from './fixes/suggest-fixes.ts';
