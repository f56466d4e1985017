// ES modules through @swc/jest (node --experimental-vm-modules). Types are checked by `npm run types`.
const base = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } }],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.shapecast'],
};

/** Whole stages and the whole way, without .db in their names (runbooks name some); they need the server too. */
const wholeStageTests = ['generator', 'hostile', 'loader'];

module.exports = {
  maxWorkers: 2,
  testTimeout: 120_000,
  projects: [
    // Pure tests: no server. A test that needs PostgreSQL is named *.db.spec.ts.
    {
      ...base,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/**/*.spec.ts'],
      testPathIgnorePatterns: [
        '\\.db\\.spec\\.ts$',
        '\\.system\\.spec\\.ts$',
        '\\.browser\\.spec\\.ts$',
        `<rootDir>/test/(${wholeStageTests.join('|')})\\.spec\\.ts$`,
      ],
    },
    // A real PostgreSQL: the embedded server, started once for the run; each test clones a database.
    {
      ...base,
      displayName: 'database',
      testMatch: ['<rootDir>/test/**/*.db.spec.ts', ...wholeStageTests.map((name) => `<rootDir>/test/${name}.spec.ts`)],
      globalSetup: '<rootDir>/test/support/start-server.ts',
      globalTeardown: '<rootDir>/test/support/stop-server.ts',
    },
    // A system PostgreSQL 15 with its client tools, in a cluster of its own (bin/test-system.js); not part of `npm test`.
    { ...base, displayName: 'system', testMatch: ['<rootDir>/test/**/*.system.spec.ts'] },
    // Pages in the system's Chromium (bin/test-browser.js), from a run on the embedded server; not part of `npm test`.
    {
      ...base,
      displayName: 'browser',
      testMatch: ['<rootDir>/test/**/*.browser.spec.ts'],
      globalSetup: '<rootDir>/test/support/start-server.ts',
      globalTeardown: '<rootDir>/test/support/stop-server.ts',
    },
  ],
};
