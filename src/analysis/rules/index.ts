// The built-in rules, as data; a person's own rules have the same form.
import type { AnalysisRule } from '../../contracts/analysis.ts';
import { PYTHON_RULES } from './python-rules.ts';
import { LUA_RULES, SCRIPT_RULES } from './script-rules.ts';
import { SHARED_RULES, SHELL_RULES } from './shell-rules.ts';

export const BUILT_IN_RULES: readonly AnalysisRule[] = [
  ...PYTHON_RULES,
  ...SCRIPT_RULES,
  ...LUA_RULES,
  ...SHELL_RULES,
  ...SHARED_RULES,
];
