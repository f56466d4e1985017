// The mapping that goes with a pack: how its tokens were made, never what they stand for.
import type { Mapping } from '../spec/mapping.ts';
import { PACK_LIFETIME_DAYS, type Pack } from '../spec/pack.ts';

/** The mapping of a pack whose tokens were made under that key id. Pure. */
export function buildMapping(pack: Pack, keyId: string): Mapping {
  return {
    format: 'shapecast-mapping',
    version: 1,
    runId: pack.provenance.runId,
    algorithm: 'HMAC-SHA256 truncated to 64 bits, key per column by HKDF-SHA256',
    keyId,
    domains: tokenDomains(pack),
    compliance: { containsPlaintext: false, containsSalt: false, isReversible: false },
    retention: { days: PACK_LIFETIME_DAYS, expires: pack.provenance.expires },
  };
}

function tokenDomains({ marginals }: Pack): Mapping['domains'] {
  return marginals.flatMap(({ table, axes }) =>
    axes.flatMap((axis) => {
      if (axis.kind !== 'category') return [];
      const tokens = axis.labels.filter((category) => 'token' in category).length;
      return tokens === 0 ? [] : [{ table, column: axis.column, tokens }];
    }),
  );
}
