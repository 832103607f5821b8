import type { Language } from './run.ts';

/** Languages that are recognised; those of `Language` and no others have an engine here. */
export type CodeLanguage =
  | Language
  | 'ruby'
  | 'php'
  | 'go'
  | 'rust'
  | 'swift'
  | 'java'
  | 'kotlin'
  | 'c'
  | 'cpp'
  | 'csharp'
  | 'r'
  | 'perl'
  | 'powershell'
  | 'sql'
  | 'html'
  | 'css'
  | 'json'
  | 'yaml'
  | 'toml'
  | 'xml'
  | 'markdown'
  | 'text';

/** Those that are read with a grammar; of others only the language is told. */
export type ParsedLanguage = 'python' | 'javascript' | 'typescript' | 'lua' | 'shell';

export interface AnalysisRequest {
  readonly code: string;
  /** What the fence or the caller says, as it is written (`py`, `tsx`, `sh`); null where nothing is said. */
  readonly label: string | null;
}

/** Offsets count UTF-16 units from the start of the code; line and column count from 1, the column in UTF-16 units. */
export interface CodeRange {
  readonly from: number;
  readonly to: number;
  readonly line: number;
  readonly column: number;
}

export type Severity = 'low' | 'medium' | 'high' | 'critical';
export type RiskBand = 'low' | 'medium' | 'high';

export type RuleCategory =
  | 'code-from-text'
  | 'processes'
  | 'network'
  | 'files'
  | 'secrets'
  | 'destruction'
  | 'endless'
  | 'resources'
  | 'page'
  | 'native'
  | 'style'
  | 'own';

/** A rule that matched. `rule` is the rule's id; texts are the rule's own. */
export interface Finding {
  readonly rule: string;
  readonly category: RuleCategory;
  readonly severity: Severity;
  readonly title: string;
  readonly why: string;
  readonly suggestion: string;
  readonly at: CodeRange;
}

/** What a rule looks at in the syntax tree. Names are whole dotted names after imports were followed; `*` ends a prefix. */
export type RuleMatch =
  | {
      readonly kind: 'call';
      /** `os.system`, `subprocess.*`, `fetch`; `.name` matches a method of a value that is not known. */
      readonly names: readonly string[];
      readonly arguments?: ArgumentMatch;
    }
  | { readonly kind: 'import'; readonly modules: readonly string[] }
  /** A name or member that is read, assigned or called: `os.environ`, `document.cookie`, `.innerHTML`. */
  | { readonly kind: 'name'; readonly names: readonly string[]; readonly isAssigned?: boolean }
  /** A command of a shell, with all of `flags` (`r` and `f` for `-rf`; `--force`) and one of `words` among its words. */
  | {
      readonly kind: 'command';
      readonly names: readonly string[];
      readonly flags?: readonly string[];
      readonly words?: readonly string[];
      readonly wordPrefixes?: readonly string[];
      readonly wordIs?: 'computed';
    }
  /** A pipe from one of `from` into one of `into`. */
  | { readonly kind: 'pipe'; readonly from: readonly string[]; readonly into: readonly string[] }
  /** A path written out in the code that is read or written, and starts with, is or holds one of these. */
  | {
      readonly kind: 'path';
      readonly prefixes?: readonly string[];
      readonly equals?: readonly string[];
      readonly contains?: readonly string[];
      readonly access?: 'read' | 'write';
    }
  | { readonly kind: 'fact'; readonly fact: CodeFact };

export type CodeFact =
  | 'endless-loop'
  | 'star-import'
  | 'self-spawning'
  | 'huge-allocation'
  | 'runs-downloaded-code'
  | 'network-use'
  /** It reads what is secret and uses the network. */
  | 'secret-and-network'
  /** It reads folders of the person or the system and deletes files. */
  | 'system-and-deletion'
  /** It deletes files in a loop. */
  | 'deletes-in-loop'
  /** It drops tables, or changes all rows of one, in a database that is a file or elsewhere. */
  | 'loses-rows'
  /** It writes over a file that it read. */
  | 'overwrites-input'
  /** Signs that show text in another order, or that are not shown. */
  | 'hidden-text'
  /** Names that are drawn as others. */
  | 'look-alike'
  /** Not all of it was read. */
  | 'partial';

export interface ArgumentMatch {
  /** Counted from 0; `any` looks at all of them. */
  readonly index: number | 'any';
  /** Whether it is written out in the code; `text`: at least its beginning is; `pieced`: in pieces. */
  readonly is?: 'literal' | 'computed' | 'text' | 'pieced';
  /** A keyword argument that must be given so: `shell=True`. */
  readonly keyword?: { readonly name: string; readonly value: string };
  readonly startsWith?: readonly string[];
  readonly equals?: readonly string[];
  readonly contains?: readonly string[];
  /** It does not match where the text of an argument holds one of these. */
  readonly unless?: readonly string[];
  /** It matches only where the text of an argument holds one of these. */
  readonly holds?: readonly string[];
}

/** One row of the rule table; a person may add rows of the same form (`src/analysis/rules`). */
export interface AnalysisRule {
  readonly id: string;
  readonly languages: readonly ParsedLanguage[];
  readonly match: RuleMatch;
  readonly severity: Severity;
  /** What it adds to the risk, 0 to 100; where missing, what its severity adds. */
  readonly points?: number;
  readonly category: RuleCategory;
  readonly title: string;
  readonly why: string;
  readonly suggestion: string;
}

/** What a person may set; everything has a default (`src/analysis/options.ts`). */
export interface AnalysisOptions {
  readonly ownRules: readonly AnalysisRule[];
  readonly rulesOff: readonly string[];
  /** From this risk on the band is medium; 1 to 99. */
  readonly mediumFrom: number;
  /** From this risk on the band is high; above `mediumFrom`. */
  readonly highFrom: number;
  /** Cyclomatic complexity from which simplifying is suggested. */
  readonly complexFrom: number;
}

/** A module that the code imports, or a program that its shell commands start. */
export interface Dependency {
  readonly name: string;
  /** `local`: a file beside the code. `unknown`: in no table, so it may or may not be had. */
  readonly status: 'builtin' | 'bundled' | 'local' | 'unavailable' | 'unknown';
  readonly package: string | null;
  /** What `%pip install` is to be given to bring what is unavailable; null where no index has what would run here. */
  readonly install: string | null;
  /** Why it is not here, and what to use for it; from the table of the runtime, never guessed. */
  readonly why: string | null;
  readonly instead: readonly string[];
  readonly at: CodeRange;
}

/** A row of a runtime's table of packages; Python's is generated (`packages.generated.json`). */
export type PackageEntry =
  | { readonly status: 'bundled'; readonly package: string }
  | {
      readonly status: 'unavailable';
      /** What it is installed as; where `install`, by `%pip install` from an index that a person allows. */
      readonly package?: string;
      readonly install?: boolean;
      readonly why: string;
      readonly instead: readonly string[];
    };

export interface FileUse {
  readonly access: 'read' | 'write';
  /** Null where the path is not written out in the code. */
  readonly path: string | null;
  readonly at: CodeRange;
}

export interface NetworkUse {
  readonly by: string;
  /** Host name, where the address is written out in the code. */
  readonly host: string | null;
  /** Scheme, host and port as a URL has them (`https://api.example.org`), where an address of http is written out. */
  readonly origin: string | null;
  readonly at: CodeRange;
}

export interface Complexity {
  readonly lines: number;
  readonly functions: number;
  /** Decision points + 1 over the whole piece (McCabe). */
  readonly cyclomatic: number;
  /** Deepest nesting of loops over something whose length is not written out. */
  readonly loopDepth: number;
  readonly hasRecursion: boolean;
  readonly growth: 'constant' | 'linear' | 'quadratic' | 'cubic' | 'exponential' | 'endless';
}

/** Classes with a number each; formulas in docs/analysis.md. What past runs showed replaces them (execution). */
export interface CodeEstimate {
  readonly memoryMB: number;
  /** The part of it that an engine that stands has already: itself, and what its saved heap holds. */
  readonly engineMB: number;
  readonly memoryClass: 'small' | 'medium' | 'large' | 'huge';
  readonly seconds: number;
  readonly timeClass: 'instant' | 'short' | 'long' | 'endless';
  /** One sentence for each thing that was counted, most costly first. */
  readonly basis: readonly string[];
}

export interface RiskReason {
  readonly text: string;
  readonly severity: Severity;
  readonly points: number;
  readonly at: CodeRange | null;
}

/** Advice to make it faster or smaller. Applied only on a press, as a diff. */
export interface OptimisationHint {
  readonly kind: 'vectorise' | 'chunk' | 'dtype' | 'algorithm';
  readonly title: string;
  readonly why: string;
  readonly at: CodeRange;
  /** What `at` may be replaced by without changing what the code does; null where that is not sure. */
  readonly replacement: string | null;
}

/** `leavesNames`: it makes names that a session keeps, so an answer from a cache is not all that a run there does. */
export type Purity =
  | { readonly isPure: true; readonly leavesNames: boolean }
  | { readonly isPure: false /** The first few. */; readonly because: readonly string[] };

/** What is known about a piece of code without running it. Plain data; the same for the same code, label and options. */
export interface Analysis {
  readonly language: CodeLanguage;
  readonly languageFrom: 'label' | 'shebang' | 'syntax' | 'none';
  /** 0 to 1. */
  readonly languageSureness: number;
  readonly syntaxErrors: readonly { readonly message: string; readonly at: CodeRange }[];
  /** Names of top-level modules, sorted, each once; relative ones are none. */
  readonly imports: readonly string[];
  /** Programs that shell code starts and that are no built-ins, sorted, each once. */
  readonly programs: readonly string[];
  readonly dependencies: readonly Dependency[];
  /** Those of `imports` that cannot be had here. */
  readonly missing: readonly string[];
  readonly network: readonly NetworkUse[];
  readonly files: readonly FileUse[];
  readonly fileAccess: 'none' | 'read' | 'write' | 'both';
  readonly unsafe: readonly Finding[];
  readonly endlessLoops: readonly CodeRange[];
  readonly complexity: Complexity;
  readonly isAsync: boolean;
  readonly readsInput: boolean;
  readonly usesScreen: boolean;
  readonly usesThreads: boolean;
  readonly usesProcesses: boolean;
  readonly estimate: CodeEstimate;
  /** 0 to 100. */
  readonly risk: number;
  readonly band: RiskBand;
  readonly reasons: readonly RiskReason[];
  readonly purity: Purity;
  readonly hints: readonly OptimisationHint[];
  readonly suggestions: readonly string[];
  /** Whether a bound was reached, so that something of the code was not read. */
  readonly isPartial: boolean;
}
