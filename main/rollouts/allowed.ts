/**
 * Commands that somebody at this lab has allowed. A recipe may come from anywhere, and one that names a program would run it
 * with the rights of whoever starts the run; so each is allowed once, word for word.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { RolloutsRecipe } from '../../preload/contract/recipe-rollouts.js';
import { LabError } from '../lib/errors.js';

const file = (dataDir: string): string => join(dataDir, 'allowed-commands.json');
const schema = z.array(z.array(z.string()));

/** The command a recipe would run; null: none. */
export function commandOf(rollouts: RolloutsRecipe | null): readonly string[] | null {
  return rollouts?.weights.reload === 'command' ? rollouts.weights.command : null;
}

function allowed(dataDir: string): string[][] {
  try {
    return schema.parse(JSON.parse(readFileSync(file(dataDir), 'utf8')));
  } catch {
    return [];
  }
}

const same = (a: readonly string[], b: readonly string[]): boolean => JSON.stringify(a) === JSON.stringify(b);

export function isAllowed(dataDir: string, command: readonly string[]): boolean {
  return allowed(dataDir).some((one) => same(one, command));
}

export function allow(dataDir: string, command: readonly string[]): void {
  if (isAllowed(dataDir, command)) return;
  mkdirSync(dirname(file(dataDir)), { recursive: true });
  writeFileSync(file(dataDir), `${JSON.stringify([...allowed(dataDir), command], null, 2)}\n`, { mode: 0o600 });
}

/** @throws LabError('usage') */
export function requireAllowed(dataDir: string, rollouts: RolloutsRecipe | null): void {
  const command = commandOf(rollouts);
  if (command === null || isAllowed(dataDir, command)) return;
  throw new LabError('usage', `The recipe runs a program of this machine: ${command.join(' ')}`, {
    remedy: 'If you trust it, allow it once: rzero rollouts allow RECIPE, or rzero run RECIPE --allow-command.',
  });
}
