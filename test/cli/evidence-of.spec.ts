import { factsOfExplanation } from '../../cli/evidence-of.ts';
import type { Explanation } from '../../spec/explanation.ts';

const query = (state: 'explained' | 'failed', met: readonly boolean[]): Explanation['queries'][number] => ({
  name: 'q',
  binding: '',
  weight: 1,
  state,
  reason: null,
  fingerprint: null,
  nodes: [],
  figures: null,
  assertions: met.map((isMet) => ({ text: 'no Sort', isMet, found: '' })),
});

test('evidence of explain says what was asserted, what did not hold and which plans are others', () => {
  const change = { name: 'q', binding: '', rowsQuotient: null, latencyRatio: null, difference: [] };
  const explanation = {
    queries: [query('explained', [true, false]), query('failed', [])],
    changes: [
      { ...change, state: 'changed' },
      { ...change, state: 'same' },
      { ...change, state: 'lost' },
    ],
  } as unknown as Explanation; // the facts read nothing else of it

  expect(factsOfExplanation(explanation, false)).toEqual({
    counts: { queries: 2, failures: 1, assertions: 2, unmetAssertions: 1, otherPlans: 2 },
    verdict: 'failed',
  });
});
