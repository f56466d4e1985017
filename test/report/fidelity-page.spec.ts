// The page is static, and names from outside stay text.
import { fidelityPage } from '../../report/fidelity-page.ts';
import { type Fidelity, fidelitySchema } from '../../spec/fidelity.ts';

const HOSTILE = `<img src=x onerror="alert('1')">`;

const fidelity: Fidelity = {
  format: 'shapecast-fidelity',
  version: 1,
  sourceMajor: 15,
  targetMajor: 15,
  differingSettings: [],
  floorKind: 'twice',
  headline: [{ class: 'joins', share: 0.5, floor: 1, target: 0.92, queries: 2 }],
  metrics: [
    {
      number: 9,
      name: 'degrees, KS',
      value: 0.2,
      floor: null,
      target: 0.01,
      direction: 'atMost',
      verdict: 'missed',
      samples: 1,
      remark: HOSTILE,
      places: [{ place: HOSTILE, value: 0.2, floor: null }],
    },
  ],
  queries: [
    {
      name: HOSTILE,
      binding: '',
      class: 'joins',
      weight: 1,
      state: 'measured',
      reason: null,
      isSamePlan: false,
      rowsQuotient: null,
      latencyQuotient: 3,
      buffersQuotient: 1,
      isFaithful: false,
      isFloorFaithful: true,
      nodes: [{ depth: 0, label: HOSTILE, rowsQuotient: 2, estimateQuotient: 1, isMistake: true }],
      targetNodes: [{ depth: 0, label: HOSTILE }],
      misses: [
        {
          node: HOSTILE,
          condition: HOSTILE,
          rowsQuotient: 3,
          marginals: [{ marginal: HOSTILE, state: 'lacking', residual: null, floor: null }],
        },
      ],
    },
  ],
  marginals: [{ marginal: HOSTILE, state: 'held', residual: 0.2, floor: 0.01, misses: 1, doublings: 1.5 }],
  remarks: [HOSTILE],
};

test('everything from outside is escaped, and there is no script', () => {
  const page = fidelityPage(fidelitySchema.parse(fidelity));

  expect(page).not.toContain('<img');
  expect(page).not.toMatch(/<script|javascript:|https?:/);
  expect(page.match(/&lt;img/g)?.length).toBeGreaterThanOrEqual(10);
  expect(page).toContain('<svg');
});

test('the picture shows the place that is lost', () => {
  expect(fidelityPage(fidelity)).toContain('9: degrees, KS');
});
