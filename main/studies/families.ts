/** The studies there are: the experiments of the paper, in its order. */
import { LabError } from '../lib/errors.js';
import { nearest } from '../lib/text.js';
import { ablation } from './families/ablation.js';
import { amplifier } from './families/amplifier.js';
import { iterations } from './families/iterations.js';
import { labelDecay } from './families/label-decay.js';
import { mainTable } from './families/main-table.js';
import { roles } from './families/roles.js';
import type { StudyFamily } from './study.js';

export const FAMILIES: readonly StudyFamily[] = [mainTable, ablation, labelDecay, amplifier, roles, iterations];

/** @throws LabError('not-found') that names those there are. */
export function familyOf(name: string): StudyFamily {
  const found = FAMILIES.find((family) => family.name === name);
  if (found) return found;
  const names = FAMILIES.map((family) => family.name);
  const guess = nearest(name, names);
  throw new LabError('not-found', `There is no study "${name}".`, {
    remedy: `${guess ? `Did you mean "${guess}"? ` : ''}There are: ${names.join(', ')}.`,
  });
}
