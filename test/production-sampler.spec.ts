// What the sampler promises without a database: tokens, the mapping, the extraction report.
import { buildMapping } from '../sampler/build-mapping.ts';
import { formatExtractionReport } from '../sampler/extraction-report.ts';
import { createTokeniser } from '../sampler/protect/tokens.ts';
import { mappingSchema } from '../spec/mapping.ts';
import { SALT } from './sampler/measure/sampling.ts';
import { buildTestPack } from './support/sample-pack.ts';

describe('HMAC tokens', () => {
  const token = (salt: Uint8Array, value: string) =>
    createTokeniser({ salt, dataset: 'shop' }).token('public.users', 'country', 'text', value);

  test('are the same for the same salt and 16 hex digits long', () => {
    expect(token(SALT, 'Norway')).toBe(token(SALT, 'Norway'));
    expect(token(SALT, 'Norway')).toMatch(/^[0-9a-f]{16}$/);
  });

  test('differ for another salt or another value', () => {
    const other = SALT.map((byte) => byte ^ 1);

    expect(token(other, 'Norway')).not.toBe(token(SALT, 'Norway'));
    expect(token(SALT, 'Sweden')).not.toBe(token(SALT, 'Norway'));
  });
});

describe('the mapping', () => {
  test('counts the tokens of each column, and holds neither tokens nor labels', () => {
    const mapping = buildMapping(buildTestPack(), 'key-1');

    expect(mappingSchema.parse(mapping)).toEqual(mapping);
    expect(mapping.domains).toEqual([{ table: 'public.users', column: 'country', tokens: 4 }]);
    expect(JSON.stringify(mapping)).not.toContain('1c0f5a9be2d47783');
    expect(mapping.retention).toEqual({ days: 90, expires: '2024-06-29' });
  });
});

describe('the extraction report', () => {
  const input = () => {
    const pack = buildTestPack();
    return { pack, mapping: buildMapping(pack, 'key-1'), file: 'shape-metrics-20240331.json', sizeBytes: 12_345 };
  };

  test('names operator, window, output and its size', () => {
    const report = formatExtractionReport(input());

    expect(report).toContain('- Operator: oncall');
    expect(report).toContain('- Window: 30 days, 2024-03-01 to 2024-03-31 (exclusive, UTC)');
    expect(report).toContain('- Output: shape-metrics-20240331.json');
    expect(report).toContain('- Size: 12.3 kB (12,345 bytes)');
  });

  test('has the privacy checklist, the rows of each table and two lines to sign', () => {
    const report = formatExtractionReport(input());

    expect(report).toContain('## Privacy checklist');
    expect(report).toContain('public.messages(recipient_id)');
    expect(report).toContain('| public.users | 2,000 | subject | 6 |');
    expect(report).toContain('| public.messages | 24,000 | subject | 9 |');
    expect(report).toMatch(/Privacy officer: _+ {2}Date: _+\n\nSRE lead: _+ {2}Date: _+/);
  });

  test('says so when nothing was folded, and when rows are too few to tell', () => {
    const { pack, ...rest } = input();
    pack.privacy.guarantee = 'none';
    for (const table of pack.structure.tables) table.rows = null;

    const report = formatExtractionReport({ pack, ...rest });

    expect(report).toContain('- [ ] Counts of fewer than');
    expect(report).toContain('| public.users | too few to say | subject | 6 |');
  });

  test('takes nothing in a name for Markdown', () => {
    const { pack, ...rest } = input();
    const [table] = pack.structure.tables;
    if (table !== undefined) table.name = 'public."a|b\n<script>"';

    expect(formatExtractionReport({ pack, ...rest })).toContain('| public."a\\|b \\<script\\>" |');
  });
});
