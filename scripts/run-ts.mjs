#!/usr/bin/env node
/** Runs a TypeScript file of this repository with Vite's module runner: `node scripts/run-ts.mjs FILE [arguments]`. */
import { resolve } from 'node:path';
import process from 'node:process';
import { ensure } from './setup/ensure.mjs';

const [file, ...rest] = process.argv.slice(2);
if (!file) throw new Error('usage: node scripts/run-ts.mjs FILE [arguments]');
await ensure({ build: false });
const { runnerImport } = await import('vite');
process.argv = [process.argv[0] ?? 'node', resolve(file), ...rest];
await runnerImport(resolve(file), { configFile: false, logLevel: 'warn' });
