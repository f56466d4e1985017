import { judgeDisk } from '../../generator/judge-disk.ts';

const GIGABYTE = 1_000_000_000;

test('a disk that is too small is refused, one that would be nearly full is a warning', () => {
  expect(judgeDisk(11 * GIGABYTE, 10 * GIGABYTE).problem).toEqual({
    path: 'target.disk',
    message: expect.stringMatching(/^about 11(\.0)? GB are needed and 10(\.0)? GB are free: lower --scale, or make room$/),
  });
  expect(judgeDisk(9 * GIGABYTE, 10 * GIGABYTE)).toEqual({
    problem: null,
    warning: { path: 'target.disk', message: expect.stringContaining('WAL and sort files come on top') },
  });
  expect(judgeDisk(8 * GIGABYTE, 10 * GIGABYTE)).toEqual({ problem: null, warning: null });
  expect(judgeDisk(8 * GIGABYTE, null)).toEqual({ problem: null, warning: null });
});
