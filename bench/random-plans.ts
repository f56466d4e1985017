// Plans of random specs with random marginals, each made in full and checked (random-plans/check-case.ts): none may hang, lose a count or
// depend on chunks. Ends with 1 at the first fault, and names the number that makes it again.
//
//   npm run bench -- random-plans [--plans 100000] [--first 1] [--every 1000]
import { parseArgs } from 'node:util';
import { makeTextPool } from '../generator/columns/text-pool.ts';
import { checkCase } from './random-plans/check-case.ts';
import { randomCase } from './random-plans/random-case.ts';

const { values } = parseArgs({
  options: {
    plans: { type: 'string', default: '100000' },
    first: { type: 'string', default: '1' },
    every: { type: 'string', default: '1000' },
  },
});

const print = (line: string) => void process.stdout.write(`${line}\n`);
const [plans, first, every] = [values.plans, values.first, values.every].map(Number) as [number, number, number];
const pool = makeTextPool([1, 2]);
const totals = { refused: 0, rows: 0, profiled: 0 };
const refusals = new Map<string, number>();
const startMs = performance.now();
let slowest = { number: 0, ms: 0 };

for (let done = 1; done <= plans; done += 1) {
  const number = first + done - 1;
  const before = process.cpuUsage();
  const { faults, profiled, refusal, rows } = checkCase(randomCase(number), number, pool);
  // Of the processor: others on the machine do not change it.
  const { system, user } = process.cpuUsage(before);
  const ms = (system + user) / 1000;
  if (ms > slowest.ms) slowest = { number, ms };
  totals.rows += rows;
  totals.profiled += profiled;
  if (refusal !== null) {
    totals.refused += 1;
    refusals.set(refusal, (refusals.get(refusal) ?? 0) + 1);
  }
  for (const fault of faults) print(`  ${number}: ${fault}`);
  if (faults.length > 0) {
    process.exitCode = 1;
    break;
  }
  if (done % every !== 0 && done !== plans) continue;
  const seconds = (performance.now() - startMs) / 1000;
  print(
    `${done} plans, ${(done / seconds).toFixed(1)} a second, ${totals.refused} refused, ${totals.profiled} orders by profile, ` +
      `${totals.rows} rows; slowest ${slowest.ms.toFixed(0)} ms (${slowest.number})`,
  );
}
for (const [refusal, count] of [...refusals].sort((one, two) => two[1] - one[1]).slice(0, 5)) print(`  ${count} x ${refusal}`);
