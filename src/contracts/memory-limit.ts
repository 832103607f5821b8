/** The row of LIMITS, and the setting of the same name, that bounds the memory of a language's runs. */
export type MemoryLimit = 'pythonMemoryMB' | 'otherMemoryMB';

/** Python's engine alone needs what is plenty for a program of another language, so it has a row of its own. */
export const memoryLimitOf = (language: string | null): MemoryLimit =>
  language === 'python' ? 'pythonMemoryMB' : 'otherMemoryMB';
