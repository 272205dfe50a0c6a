#!/usr/bin/env node
/** The command `rzero`, in a clone (`npm run rzero -- …`) and installed: set-up where something is missing, then the CLI. */
import { requireNode } from './setup/node-version.mjs';

requireNode();
const { ensure } = await import('./setup/ensure.mjs');
const { runCli } = await import('./setup/cli.mjs');

await ensure();
runCli(process.argv.slice(2));
