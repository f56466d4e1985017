#!/usr/bin/env node
// Prints `N passed, N failed` over the results that .ci/run left in a folder: NAME.json is jest's own result of a suite,
// NAME.failed marks a step that ended badly. Ends with 1 when anything failed or no test passed.
import fs from 'node:fs';
import path from 'node:path';

/** Tests that failed, and suites that could not even be loaded. */
function countFailures(result) {
  return result.numFailedTests + result.numRuntimeErrorTestSuites;
}

/** Counts of the folder. A failed step without a failed test in it (check, a crash of jest) counts as one failure. */
function countResults(folder) {
  const names = fs.readdirSync(folder);
  const results = new Map(
    names
      .filter((name) => name.endsWith('.json'))
      .map((name) => [path.basename(name, '.json'), JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'))]),
  );
  const inTests = [...results.values()].reduce((sum, result) => sum + countFailures(result), 0);
  const withoutTests = names
    .filter((name) => name.endsWith('.failed'))
    .map((name) => results.get(path.basename(name, '.failed')))
    .filter((result) => result === undefined || countFailures(result) === 0).length;
  return {
    passed: [...results.values()].reduce((sum, result) => sum + result.numPassedTests, 0),
    failed: inTests + withoutTests,
  };
}

const { passed, failed } = countResults(process.argv[2]);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
