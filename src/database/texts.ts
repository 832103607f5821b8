import type { CompanionDatabase } from './open-database.ts';

/** What a person wrote for this host to keep. Everything rejects when the database cannot be used. */
export interface TextRecords {
  /** Null where nothing was written. */
  read(name: 'analysis-options'): Promise<string | null>;
  write(name: 'analysis-options', text: string): Promise<void>;
}

export function createTextRecords({ texts }: CompanionDatabase): TextRecords {
  return {
    read: async (name) => (await texts.get(name))?.text ?? null,
    write: async (name, text) => void (await texts.put({ name, text })),
  };
}
