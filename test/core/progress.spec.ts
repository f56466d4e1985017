import { Writable } from 'node:stream';
import { formatBytes, formatCount, formatProgress, formatSeconds, startProgress } from '../../core/progress.ts';

function collect(): { stream: Writable; text: () => string } {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  return { stream, text: () => text };
}

describe('progress', () => {
  test('tells share, rate and time left', () => {
    const line = formatProgress({ label: 'users', total: 2000, unit: 'rows' }, 500, 1000);

    expect(line).toBe('users  25 %  500 of 2,000 rows  500 rows/s  3.0 s left');
  });

  test('prints only a closing line for a short task where no terminal is', () => {
    const { stream, text } = collect();
    const progress = startProgress({ label: 'users', total: 2, unit: 'rows', stream, nowMs: () => 0 });

    progress.advance(2);
    progress.finish();

    expect(text()).toBe('users  100 %  2 of 2 rows  0 rows/s  0.0 s\n');
  });

  test('says nothing of a task that ends before it may speak', () => {
    const { stream, text } = collect();
    let nowMs = 0;
    const options = { label: 'fit', total: 9, unit: 'swaps', quietMs: 2000, stream, nowMs: () => nowMs };
    const [short, long] = [startProgress(options), startProgress(options)];

    nowMs = 1999;
    short.finish();
    nowMs = 2000;
    long.advance(4);
    long.finish(4);

    expect(text()).toBe('fit  100 %  4 of 4 swaps  2 swaps/s  2.0 s\n');
  });

  test('prints again once the interval has passed', () => {
    const { stream, text } = collect();
    let nowMs = 0;
    const progress = startProgress({ label: 'users', total: 4, unit: 'rows', stream, nowMs: () => nowMs });

    nowMs = 6000;
    progress.advance(2);

    expect(text()).toContain('50 %');
  });
});

test('figures are written for people', () => {
  expect(formatCount(1234567)).toBe('1,234,567');
  expect([3.2, 42, 200, 7500].map(formatSeconds)).toEqual(['3.2 s', '42 s', '3 min 20 s', '2 h 5 min']);
  expect([999, 12_300_000].map(formatBytes)).toEqual(['999 B', '12.3 MB']);
});
