import { compareExplanations, isRegression } from '../../../spec/explanation/compare-explanations.ts';
import { compareServers } from '../../../spec/explanation/compare-servers.ts';
import { formatExplanation } from '../../../spec/explanation/format-explanation.ts';
import type { ExplainedQuery, Explanation } from '../../../spec/explanation.ts';

const FIGURES = { runs: 3, p50Ms: 2, p95Ms: 3, buffers: 10, readBlocks: 0, spilledBlocks: 0, cost: 5 };

/** Labels by two spaces a level. */
function query(name: string, lines: readonly string[], parts: Partial<ExplainedQuery> = {}): ExplainedQuery {
  const nodes = lines.map((line) => ({
    depth: (line.length - line.trimStart().length) / 2,
    label: line.trim(),
    isPartial: false,
    estimatedRows: 10,
    actualRows: 10,
  }));
  const fingerprint = lines.join('|');
  return {
    name,
    binding: '',
    weight: 1,
    state: 'explained',
    reason: null,
    fingerprint,
    nodes,
    figures: FIGURES,
    assertions: [],
    ...parts,
  };
}

const explanation = (...queries: ExplainedQuery[]): Explanation => ({
  format: 'shapecast-explanation',
  version: 1,
  mode: 'measured',
  serverMajor: 18,
  settings: {},
  queries,
  whatIf: [],
  indexes: [],
});

test('shows where two trees part, in the order of both', () => {
  const before = query('a', ['Limit', '  Index Scan using i on t']);
  const after = query('a', ['Limit', '  Sort by t.at', '    Seq Scan on t']);

  const [change] = compareExplanations(explanation(before), explanation(after));

  expect(change?.state).toBe('changed');
  expect(change?.difference.map(({ depth, label, side }) => `${side} ${depth} ${label}`)).toEqual([
    'both 0 Limit',
    'baseline 1 Index Scan using i on t',
    'now 1 Sort by t.at',
    'now 2 Seq Scan on t',
  ]);
});

test('another plan and a query that fails now are regressions; rows, times and new queries are told', () => {
  const failed: Partial<ExplainedQuery> = { state: 'failed', reason: 'no', fingerprint: null, nodes: [], figures: null };
  const rows = query('rows', ['Scan'], {
    nodes: [{ depth: 0, label: 'Scan', isPartial: false, estimatedRows: 10, actualRows: 80 }],
  });

  const changes = compareExplanations(
    explanation(
      query('same', ['Scan']),
      query('rows', ['Scan']),
      query('lost', ['Scan']),
      query('gone', ['Scan']),
      query('both', [], failed),
    ),
    explanation(
      query('same', ['Scan'], { figures: { ...FIGURES, p50Ms: 9 } }),
      rows,
      query('lost', [], failed),
      query('both', [], failed),
      query('new', ['Scan']),
    ),
  );

  expect(changes.map(({ name, state }) => [name, state])).toEqual([
    ['same', 'same'],
    ['rows', 'same'],
    ['lost', 'lost'],
    ['gone', 'removed'],
    ['both', 'same'],
    ['new', 'added'],
  ]);
  expect(changes.filter(isRegression).map(({ name }) => name)).toEqual(['lost']);
  expect(changes[0]?.latencyRatio).toBe(4.5);
  expect(changes[1]?.rowsQuotient).toBe(8);
  const text = formatExplanation({ ...explanation(rows), changes }, null);
  expect(text).toContain('· same: the same plan, 4.50x the time');
  expect(text).toContain('· rows: the same plan, rows 8.0x apart at a node');
  expect(text).toContain('✗ lost: it fails now');
});

test('planned trees are compared by their labels alone', () => {
  const bare = query('a', ['Scan'], {
    figures: null,
    nodes: [{ depth: 0, label: 'Scan', isPartial: false, estimatedRows: null, actualRows: null }],
  });

  const [change] = compareExplanations(explanation(bare), explanation(query('a', ['Scan'])));

  expect(change).toMatchObject({ state: 'same', rowsQuotient: null, latencyRatio: null });
});

test('another server and other settings are told before the changes; a value that was left out is only known to be no default', () => {
  const baseline = { ...explanation(), serverMajor: 15, settings: { jit: 'off', seq_page_cost: null, random_page_cost: null } };
  const now = { ...explanation(), settings: { jit: 'on', seq_page_cost: '2', enable_sort: 'off' } };

  expect(compareServers(baseline, now)).toEqual([
    'PostgreSQL 15 in the baseline, 18 now',
    'enable_sort: the default in the baseline, off now',
    'jit: off in the baseline, on now',
    'random_page_cost: not the default in the baseline, the default now',
  ]);
  expect(compareServers(now, now)).toEqual([]);
  const lost = compareExplanations(explanation(query('a', ['Scan'])), explanation(query('a', ['Sort'])));
  const text = formatExplanation({ ...now, changes: lost }, baseline);
  expect(text.indexOf('· jit: off')).toBeGreaterThan(0);
  expect(text.indexOf('· jit: off')).toBeLessThan(text.indexOf('✗ a: another plan'));
});
