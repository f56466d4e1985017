// Ours: one worker, the wide table alone.
import { measureGenerateInChild } from '../child.ts';
import { scaleOf } from '../data-sets.ts';
import type { Reference } from './reference.ts';
import { plainDataSet } from './wide-table.ts';

export const generateReference: Reference = {
  name: 'shapecast, one worker, from its plan on',
  fill: (context, url) =>
    measureGenerateInChild({
      url,
      specFile: plainDataSet().specFile,
      scale: scaleOf(context.rows),
      rows: { 'public.narrow': 1 },
      workers: 1,
      to: 'postgres',
    }),
};
