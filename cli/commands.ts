// The list of commands, in the order of the work. Adding a command is adding a file and a line here.
import type { Command } from './command.ts';
import { auditCommand } from './commands/audit.ts';
import { calibrateCommand } from './commands/calibrate.ts';
import { checkReplicaCommand } from './commands/check-replica.ts';
import { compareCommand } from './commands/compare.ts';
import { consoleCommand } from './commands/console.ts';
import { demoCommand } from './commands/demo.ts';
import { envCommand } from './commands/env.ts';
import { evidenceCommand } from './commands/evidence.ts';
import { explainCommand } from './commands/explain.ts';
import { fingerprintCommand } from './commands/fingerprint.ts';
import { generateCommand } from './commands/generate.ts';
import { loadCommand } from './commands/load.ts';
import { loadtestCommand } from './commands/loadtest.ts';
import { purgeCommand } from './commands/purge.ts';
import { reportCommand } from './commands/report.ts';
import { sampleCommand } from './commands/sample.ts';
import { scanCommand } from './commands/scan.ts';
import { serveCommand } from './commands/serve.ts';
import { suggestCommand } from './commands/suggest.ts';
import { syncCommand } from './commands/sync.ts';
import { teardownCommand } from './commands/teardown.ts';
import { verifyCommand } from './commands/verify.ts';
import { verifyShadowCommand } from './commands/verify-shadow.ts';

export const commands: readonly Command[] = [
  demoCommand,
  suggestCommand,
  sampleCommand,
  scanCommand,
  verifyCommand,
  calibrateCommand,
  generateCommand,
  loadCommand,
  fingerprintCommand,
  explainCommand,
  serveCommand,
  loadtestCommand,
  compareCommand,
  reportCommand,
  checkReplicaCommand,
  consoleCommand,
  syncCommand,
  verifyShadowCommand,
  teardownCommand,
  purgeCommand,
  evidenceCommand,
  auditCommand,
  envCommand,
];
