// Samples beside a load: one in each second, each at another place of it, and one that fails is only missed.
import { dueMs, sampleEverySecond } from '../../loadtest/server/sample.ts';

test('each second has one sample, and its tenths have as many as each other', () => {
  const due = Array.from({ length: 100 }, (_, index) => dueMs(index, 1));
  const tenths = due.map((ms) => Math.floor((ms % 1000) / 100));

  expect(due.map((ms) => Math.floor(ms / 1000))).toEqual(due.map((_, index) => index));
  for (let tenth = 0; tenth < 10; tenth += 1) {
    const count = tenths.filter((each) => each === tenth).length;
    expect([9, 10, 11]).toContain(count);
  }
  expect(Math.floor(dueMs(5, 4) / 1000)).toBe(20);
});

test('what fails is missed, and after stop there is no more', async () => {
  let reads = 0;
  let seen: () => void = () => undefined;
  const isRead = new Promise<void>((resolve) => {
    seen = resolve;
  });
  const sampler = sampleEverySecond(async () => {
    reads += 1;
    if (reads === 1) throw new Error('gone');
    seen();
    return reads;
  });
  await isRead;
  await sampler.stop();

  expect(sampler.taken().samples.map(({ value }) => value)).toEqual([2]);
  expect(sampler.taken().missed).toBeGreaterThanOrEqual(1);
});
