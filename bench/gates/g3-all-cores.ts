// G3: as many workers as cores, which the server shares, against as many backends that COPY files of the same bytes.
import type { Gate } from './context.ts';
import { copyInParallel } from './copy-file.ts';
import { againstCopies } from './g2-one-stream.ts';
import { atMost } from './reading.ts';

const TIMES_SLOWER = 1.05;

export const allCoresGate: Gate = {
  name: 'G3',
  title: 'as many workers as cores into tables without indexes against as many COPYs of files of the same bytes',
  run: (context) =>
    againstCopies(context, {
      workers: context.cores,
      limit: atMost(TIMES_SLOWER),
      name: `${context.cores} server-side COPYs`,
      load: (url, tables) => copyInParallel(url, tables, context.cores),
    }),
};
