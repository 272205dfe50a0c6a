/**
 * Loads tfjs so that every part of the program shares one copy of it. TypeScript imports `@tensorflow/tfjs-core`, whose
 * `main` is a CommonJS file; tfjs-node and the other backends `require` the same file. A bundler that follows the
 * package's `module` field instead would make a second engine with no kernels in it: that is looked for here.
 */
import { createRequire } from 'node:module';
import util from 'node:util';
import { engine, env, getGradient } from '@tensorflow/tfjs-core';
import { LabError } from '../lib/errors.js';
import { mendGradients } from './gradients.js';

export const requirePackage = createRequire(import.meta.url);

let loaded = false;

export function loadTfjs(): void {
  if (loaded) return;
  restoreUtil();
  const core = requirePackage('@tensorflow/tfjs-core') as { engine: typeof engine };
  if (core.engine !== engine) {
    throw new LabError('internal', 'Two copies of @tensorflow/tfjs-core are loaded.', {
      remedy: 'Keep @tensorflow/tfjs-core external in the build.',
    });
  }
  // The union package registers the gradients. It also registers backends nobody asked for, which start only on use.
  requirePackage('@tensorflow/tfjs');
  if (!getGradient('BatchMatMul')) throw new LabError('internal', 'tfjs came without its gradients.');
  mendGradients();
  // Silences the advice to install tfjs-node and other remarks that belong in no log of ours.
  env().set('PROD', true);
  loaded = true;
}

/** Node 23 removed functions that tfjs-node 4.22 calls on every op. */
function restoreUtil(): void {
  const legacy = util as unknown as Record<string, unknown>;
  legacy['isNullOrUndefined'] ??= (value: unknown): boolean => value === null || value === undefined;
  legacy['isArray'] ??= Array.isArray;
}
