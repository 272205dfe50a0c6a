/**
 * A study as code: which arms it has, which rows its table has, and what is compared with what. An arm is the base recipe
 * with a few assignments; everything else is equal. Nothing here runs or reads anything.
 */
import type { Recipe } from '../../preload/contract/recipe.js';

export interface ArmDesign {
  /** Unique within the study. */
  readonly name: string;
  readonly title: string;
  /** In which it differs from the recipe, in a sentence. */
  readonly what: string;
  /** key.path=value */
  readonly set: readonly string[];
  /** The arm, named before this one, whose final Solver is this arm's model: it runs first, with the same seed. */
  readonly after?: string;
  /** Its final Solver is kept on the disk, for other studies begin from it. */
  readonly keepFinal?: boolean;
}

/** One row: an arm at the end of an iteration; 0 is before any learning. */
export interface RowDesign {
  readonly key: string;
  readonly title: string;
  readonly arm: string;
  readonly iteration: number;
  /** Keys of the rows it is compared with, seed by seed. */
  readonly against: readonly string[];
}

/** What the columns of the table are. */
export type ColumnGroup = 'benchmarks' | 'labels' | 'cost';

export interface StudyDesign {
  readonly arms: readonly ArmDesign[];
  readonly rows: readonly RowDesign[];
}

export interface StudyFamily {
  readonly name: string;
  readonly title: string;
  /** The question it answers. */
  readonly asks: string;
  /** What is the same for all arms, in a sentence. */
  readonly equal: string;
  readonly columns: readonly ColumnGroup[];
  /**
   * @param recipe the base, complete; its seed is not looked at
   * @throws LabError('recipe') where it lacks what the study needs
   */
  readonly design: (recipe: Recipe) => StudyDesign;
}

/** The recipe itself. Studies that compare something with it share its runs. */
export const FULL: ArmDesign = {
  name: 'full',
  title: 'R-Zero',
  what: 'the recipe as it is',
  set: [],
  keepFinal: true,
};

export const BASE_CHALLENGER: ArmDesign = {
  name: 'base-challenger',
  title: 'Base Challenger',
  what: 'the Challenger is never trained',
  set: ['challenger.train=false'],
};

/** 1, 2, … n */
export const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
