// Whether the target says that it was filled by the run that the report describes. A target without our marker is somebody else's
// database, and nothing in it is analysed.
import type pg from 'pg';
import { readMarker } from '../postgres/marker.ts';
import type { Report } from '../spec/report.ts';
import type { Verdict } from '../spec/run-record.ts';

export interface MarkerCheck {
  readonly isMarked: boolean;
  readonly verdict: Verdict;
}

/** The verdict on the marker: one of its runs must be of the report's plan. Throws MARKER_FOREIGN. */
export async function checkMarker(client: pg.Client, report: Report, print: (line: string) => void): Promise<MarkerCheck> {
  const marker = await readMarker(client);
  const plans = marker?.runs.map(({ planId }) => planId) ?? [];
  const passed = plans.includes(report.planId);
  const found = marker === null ? 'no marker' : passed ? report.planId : (plans.at(-1) ?? 'no run');
  if (!passed)
    print(
      marker === null
        ? '[Marker] ✗ the target has no marker: shapecast did not fill it, and it is not analysed'
        : '[Marker] ✗ the target was filled by another plan than the report: give its own report with --config',
    );
  return {
    isMarked: marker !== null,
    verdict: { question: 'marker', subject: 'target', passed, expected: report.planId, found },
  };
}
