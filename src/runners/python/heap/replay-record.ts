import { appError, type AppError } from '../../../contracts/errors.ts';
import { fail, ok, type Result } from '../../../base/index.ts';

/** One side module as it lay in memory and table when the heap was saved. */
export interface RecordedLibrary {
  /** Path of its file, which is also its name for the dynamic linker. */
  readonly name: string;
  readonly memoryBase: number;
  readonly tableBase: number;
  readonly tableSize: number;
  readonly isGlobal: boolean;
  /** Null stands for a library that is never unloaded. */
  readonly refcount: number | null;
  readonly handles: readonly number[];
}

/** Where the function of a table slot comes from: the export `name` of side module number `library`, or of the main module. */
export type RecordedSlot =
  | { readonly kind: 'side'; readonly index: number; readonly library: number; readonly name: string }
  | { readonly kind: 'main'; readonly index: number; readonly name: string };

/**
 * What a saved heap needs besides its bytes: the side modules that were loaded, and the state of the linker that lives in
 * JavaScript. Fits exactly one build of Pyodide (`buildId`) and the library files made with it.
 */
export interface ReplayRecord {
  readonly version: 1;
  readonly buildId: string;
  /** Table length right after the main module exists. */
  readonly baseTableLength: number;
  /** Table length when the heap was saved. */
  readonly tableLength: number;
  readonly libraries: readonly RecordedLibrary[];
  readonly slots: readonly RecordedSlot[];
  /** Values of the global offset table that changed after the main module existed. */
  readonly got: Readonly<Record<string, number>>;
  readonly freeTableIndexes: readonly number[];
}

/**
 * Says whether a record fits the running build. `python/heap-mismatch` names what differs; the caller starts without
 * the saved heap then.
 */
export function checkRecord(
  record: ReplayRecord,
  running: { readonly buildId: string; readonly tableLength: number },
): Result<ReplayRecord, AppError> {
  if (record.version !== 1) {
    return fail(appError('python/heap-mismatch', `record version ${String(record.version)}, expected 1`));
  }
  if (record.buildId !== running.buildId) {
    return fail(appError('python/heap-mismatch', `saved by build ${record.buildId}, running is ${running.buildId}`));
  }
  if (record.baseTableLength !== running.tableLength) {
    const both = `${String(record.baseTableLength)}, running has ${String(running.tableLength)}`;
    return fail(appError('python/heap-mismatch', `saved with a function table of ${both}`));
  }
  return ok(record);
}

/**
 * Reads a record from parsed JSON. The file is made by our own build, so this checks shape only as far as a mix-up of
 * files would break it.
 */
export function readRecord(json: unknown): Result<ReplayRecord, AppError> {
  const record = json as Partial<ReplayRecord> | null;
  if (
    record === null ||
    typeof record !== 'object' ||
    typeof record.buildId !== 'string' ||
    typeof record.baseTableLength !== 'number' ||
    typeof record.tableLength !== 'number' ||
    !Array.isArray(record.libraries) ||
    !Array.isArray(record.slots)
  ) {
    return fail(appError('python/heap-mismatch', 'not a replay record'));
  }
  return ok(record as ReplayRecord);
}

/** Where the file of a side module lies: `science.modules.json`, by path. */
export interface ModulePlace {
  /** Image that holds it. */
  readonly file: string;
  readonly offset: number;
  readonly length: number;
}
