import * as v from 'valibot';

type Kinds<Key extends string, Table extends Readonly<Record<string, v.ObjectEntries>>> = {
  [Kind in keyof Table & string]: v.InferOutput<
    v.StrictObjectSchema<Record<Key, v.LiteralSchema<Kind, undefined>> & Table[Kind], undefined>
  >;
}[keyof Table & string];

const unknownKind = v.custom<never>(() => false);

/** An object of one of several kinds, told apart by the text under `key`; only the entries of its kind are looked at. */
export function oneOfKinds<const Key extends string, const Table extends Readonly<Record<string, v.ObjectEntries>>>(
  key: Key,
  table: Table,
): v.GenericSchema<unknown, Kinds<Key, Table>> {
  const schemas = new Map<unknown, v.GenericSchema>(
    Object.entries(table).map(([kind, entries]) => [kind, v.strictObject({ [key]: v.literal(kind), ...entries })]),
  );
  const kindOf = (input: unknown) => (input as Readonly<Record<string, unknown>> | null | undefined)?.[key];
  return v.lazy((input) => schemas.get(kindOf(input)) ?? unknownKind) as v.GenericSchema<unknown, Kinds<Key, Table>>;
}
