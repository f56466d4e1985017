// A picture by Plot is one SVG element without a script, in the page's colours, and what comes from outside is text in it.
import { lineY, ruleY } from '@observablehq/plot';
import { plotSvg, SERIES_COLOURS } from '../../report/plot.ts';

const hostile = '"><script>alert(1)</script>';
const draw = () =>
  plotSvg({
    name: hostile,
    width: 400,
    height: 100,
    color: { domain: [hostile], range: [...SERIES_COLOURS].slice(0, 1) },
    y: { label: hostile },
    marks: [
      ruleY([1 / 3]),
      lineY(
        [1, 2, 4].map((value, x) => ({ value, x, series: hostile })),
        { x: 'x', y: 'value', stroke: 'series' },
      ),
    ],
  });

test('it is one element with a name, and a hostile name stays text', () => {
  const svg = draw();

  expect(svg).toMatch(/^<svg role="img" aria-label="&quot;&gt;&lt;script&gt;alert\(1\)&lt;\/script&gt;" /);
  expect(svg.match(/<svg|<\/svg>/g)).toEqual(['<svg', '</svg>']);
  expect(svg).not.toMatch(/<script|<style|<figure/);
});

test('colours are the page’s, measures are short, and it is the same each time', () => {
  const svg = draw();

  expect(svg).toContain('stroke="var(--series-1)"');
  expect(svg).not.toMatch(/\d\.\d{3}/);
  expect(draw()).toBe(svg);
});
