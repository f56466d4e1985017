import { arrangeLabels } from '../../../sampler/measure/labels.ts';

describe('arrangeLabels', () => {
  test('sorts by token, so that the order does not follow the counts', () => {
    const found = arrangeLabels([
      { code: 5, category: { token: 'ff00ff00ff00ff00' } },
      { code: 9, category: { token: '00ff00ff00ff00ff' } },
    ]);

    expect(found.labels).toEqual([{ token: '00ff00ff00ff00ff' }, { token: 'ff00ff00ff00ff00' }]);
    expect([...found.translation]).toEqual([
      [9, 0],
      [5, 1],
    ]);
  });

  test('drops two labels with one code, because their rows cannot be told apart', () => {
    const found = arrangeLabels([
      { code: 5, category: { token: 'aaaaaaaaaaaaaaaa' } },
      { code: 5, category: { token: 'bbbbbbbbbbbbbbbb' } },
      { code: 6, category: { token: 'cccccccccccccccc' } },
    ]);

    expect(found.labels).toEqual([{ token: 'cccccccccccccccc' }]);
    expect(found.translation.has(5)).toBe(false);
  });

  test('drops two labels with one token', () => {
    const found = arrangeLabels([
      { code: 1, category: { token: 'aaaaaaaaaaaaaaaa' } },
      { code: 2, category: { token: 'aaaaaaaaaaaaaaaa' } },
    ]);

    expect(found.labels).toEqual([]);
    expect(found.translation.size).toBe(0);
  });
});
