// Every text of the table renders, says something, and names a next step.
import { type ErrorClass, type ErrorCode, errorTexts, exitStatusOf, ShapecastError } from '../../core/errors.ts';

interface Entry {
  readonly class: ErrorClass;
  readonly text: (data: unknown) => string;
  readonly hint: (data: unknown) => string;
  readonly sample: unknown;
}

const entries = Object.entries(errorTexts) as unknown as [ErrorCode, Entry][];

describe('the table of error texts', () => {
  test.each(entries)('renders %s with its sample', (_code, entry) => {
    const sentence = entry.text(entry.sample);
    const hint = entry.hint(entry.sample);

    for (const text of [sentence, hint]) {
      expect(text.trim().length).toBeGreaterThan(10);
      expect(text).not.toMatch(/undefined|\[object|NaN/);
      expect(text).not.toMatch(/\.\.$/);
    }
  });
});

describe('exitStatusOf', () => {
  test('is 1 for a finding, 2 for a mistake of the user, 3 for a server or file, 70 for a bug', () => {
    const byClass = new Map(entries.map(([code, entry]) => [entry.class, new ShapecastError(code, entry.sample as never)]));

    expect(exitStatusOf(byClass.get('user'))).toBe(2);
    expect(exitStatusOf(byClass.get('server'))).toBe(3);
    expect(exitStatusOf(byClass.get('bug'))).toBe(70);
  });

  test('is 70 for whatever is not ours', () => {
    expect(exitStatusOf(new Error('boom'))).toBe(70);
    expect(exitStatusOf('boom')).toBe(70);
  });
});
