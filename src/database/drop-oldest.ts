import type { Table } from 'dexie';

/** How many writes go by before a table is looked at again: so many rows it may have above its bound. */
const LOOK_EVERY = 64;

/** Lets go of the rows of a table that are first in the order of `by`, until `most` are left. In the transaction of its caller. */
export async function dropOldest<Row, Key>(table: Table<Row, Key>, by: string, most: number): Promise<void> {
  const tooMany = (await table.count()) - most;
  if (tooMany > 0) await table.orderBy(by).limit(tooMany).delete();
}

/**
 * The same for a table that is written on the way of every run, where counting would keep the run waiting: call what is
 * returned after each write; now and then it looks, in a transaction of its own that nobody waits for.
 */
export function createDropping<Row, Key>(table: Table<Row, Key>, by: string, most: number): () => void {
  let writes = 0;
  return () => {
    writes += 1;
    if (writes % LOOK_EVERY !== 1) return;
    table.db
      .transaction('rw', table, () => dropOldest(table, by, most))
      .catch((cause: unknown) => console.warn(`old rows of ${table.name} stay`, cause));
  };
}
