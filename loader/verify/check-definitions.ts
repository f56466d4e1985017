// Question: are the keys and indexes back that generate dropped for loading? A run that was killed between leaves them in
// the marker, and without them every other answer about the target is of another database.

import { readMarker } from '../../postgres/marker.ts';
import { describeDefinition } from '../../postgres/put-back.ts';
import type { Verdict } from '../../spec/run-record.ts';
import type { Verification } from '../target-tables.ts';

/** One failed verdict per object that is not back; none when all are. */
export async function checkDefinitions({ client, print }: Verification): Promise<Verdict[]> {
  const missing = (await readMarker(client))?.definitions ?? [];
  return missing.map((definition) => {
    const subject = describeDefinition(definition);
    print(`[Integrity] ✗ ${subject}: dropped for loading and not put back`);
    return { question: 'definition', subject, passed: false, expected: 'in the target', found: 'set aside' };
  });
}
