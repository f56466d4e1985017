import { mapSteps, runToEnd, type Steps } from '../../stats/steps.ts';

function* countTo(end: number): Steps<number, string> {
  for (let number = 1; number <= end; number += 1) yield number;
  return 'done';
}

test('the result comes at the end, whoever asks for the steps', () => {
  const steps = mapSteps(countTo(3), (number) => `step ${number}`);

  expect(runToEnd(countTo(3))).toBe('done');
  expect([steps.next(), steps.next(), steps.next(), steps.next()]).toEqual([
    { done: false, value: 'step 1' },
    { done: false, value: 'step 2' },
    { done: false, value: 'step 3' },
    { done: true, value: 'done' },
  ]);
});
