// Maps whose keys are names of tables and columns. A table may be called `constructor` and a column `__proto__`, so the map has no
// prototype: what is not in it is not there. Zod's own record drops `__proto__` without a word.
import { z } from 'zod';

/** A map without a prototype from the entries; of two of one name the later one. */
export function namedRecord<Value>(entries: Iterable<readonly [string, Value]>): Record<string, Value> {
  const record: Record<string, Value> = Object.create(null) as Record<string, Value>;
  for (const [name, value] of entries) record[name] = value;
  return record;
}

/** The schema of such a map; faults have the path of their member. */
export function namedRecordOf<Key extends z.ZodType<string>, Value extends z.ZodType>(key: Key, value: Value) {
  return z.unknown().transform((input, context): Record<string, z.output<Value>> => {
    if (input === null || typeof input !== 'object' || Array.isArray(input)) {
      context.addIssue({ code: 'custom', message: 'expected a map from names to entries' });
      return z.NEVER;
    }
    const entries = Object.entries(input).flatMap(([name, member]): [string, z.output<Value>][] => {
      const names = key.safeParse(name);
      const values = value.safeParse(member);
      for (const issue of names.error?.issues ?? []) context.addIssue({ code: 'custom', path: [name], message: issue.message });
      for (const issue of values.error?.issues ?? []) context.issues.push(moved(issue, name));
      return names.success && values.success ? [[names.data, values.data]] : [];
    });
    return namedRecord(entries);
  });
}

/** The issue at its place in the map. */
function moved(issue: z.core.$ZodIssue, name: string): z.core.$ZodRawIssue {
  // A finished issue has all that a raw one needs but the input, which no message may repeat.
  return { ...issue, path: [name, ...issue.path], input: undefined } as z.core.$ZodRawIssue;
}
