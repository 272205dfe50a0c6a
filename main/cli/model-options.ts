/** Which weights of a run a command means. */
import { Option } from 'commander';

export interface ModelOptions {
  readonly checkpoint: 'last' | 'best';
  readonly role: 'solver' | 'challenger';
}

export const checkpointOption = (): Option =>
  new Option('--checkpoint <which>', 'of a run').choices(['last', 'best']).default('last');

export const roleOption = (): Option =>
  new Option('--role <role>', 'of a run').choices(['solver', 'challenger']).default('solver');
