import type { CompanionDatabase } from './open-database.ts';

/** A person's rules of the analyser, and which file is the tool pack. */
type TextName = 'analysis-options' | 'tool-pack';

/** What a person gave to this host to keep. Everything rejects when the database cannot be used. */
export interface TextRecords {
  /** Null where nothing was written. */
  read(name: TextName): Promise<string | null>;
  write(name: TextName, text: string): Promise<void>;
}

export function createTextRecords({ texts }: CompanionDatabase): TextRecords {
  return {
    read: async (name) => (await texts.get(name))?.text ?? null,
    write: async (name, text) => void (await texts.put({ name, text })),
  };
}
