import { withoutIdleForms } from '../../../sampler/measure/idle-forms.ts';
import { type AxisKind, axisSchema, IDENTIFIER_FORMS } from '../../../spec/axis.ts';
import type { Marginal } from '../../../spec/pack.ts';

function marginal(axis: Parameters<typeof axisSchema.parse>[0], cells: [number, number, number][]): Marginal {
  const total = cells.reduce((sum, [, , count]) => sum + count, 0);
  return { table: 'public.t', axes: [axisSchema.parse(axis)], total, cells, other: 0, cost: { rho: '0/1' } };
}

const HEX = IDENTIFIER_FORMS.indexOf('hex');
const form = (other: number) =>
  marginal({ kind: 'form', column: 'x' }, [
    [0, 0, other],
    [0, HEX, 1000 - other],
  ]);
const length = (second: number) =>
  marginal({ kind: 'length', column: 'x', of: 'characters' }, [
    [0, 8, 1000 - second],
    [0, 9, second],
  ]);

function kindsLeft(marginals: readonly Marginal[]): (AxisKind | undefined)[] {
  return withoutIdleForms(marginals).map(({ axes: [axis] }) => axis?.kind);
}

test('forms leave for identifiers of one form and length, and for uuids, which have no length', () => {
  expect(kindsLeft([form(5), length(5)])).toEqual(['form', 'length']);
  expect(kindsLeft([form(0)])).toEqual(['form']);
});

test('forms of any other text stay in production', () => {
  expect(kindsLeft([form(20), length(0)])).toEqual(['length']);
  expect(kindsLeft([form(0), length(20)])).toEqual(['length']);
});
