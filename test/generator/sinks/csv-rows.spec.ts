// COPY text becomes CSV that says the same.
import { CsvRows, csvHeader } from '../../../generator/sinks/csv-rows.ts';

test.each([
  ['a\tb\n', 'a,b\n'],
  ['\\N\t\n', ',""\n'],
  ['x,y\tsay "so"\n', '"x,y","say ""so"""\n'],
  ['two\\nlines\tcr\\r\n', '"two\nlines","cr\r"\n'],
  ['tab\\t\\\\N\tback\\\\slash\n', 'tab\t\\N,back\\slash\n'],
  ['\\\\.\n', '"\\."\n'],
  ['\\\\N\n', '\\N\n'],
])('%j is %j', (text, csv) => {
  expect(new CsvRows().convert(Buffer.from(text)).toString()).toBe(csv);
});

test('the header quotes every name', () => {
  expect(csvHeader(['id', 'a,"b"']).toString()).toBe('"id","a,""b"""\n');
});
