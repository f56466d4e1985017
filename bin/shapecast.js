#!/usr/bin/env node
// Starts the command line from dist/, which it compiles first when the sources are newer.
import { buildIfStale } from './build.js';

await buildIfStale();
const { main } = await import('../dist/cli/main.js');
await main(process.argv.slice(2));
