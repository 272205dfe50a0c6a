/** AdamW as an optimiser that keeps its own state and can say it, for a trainer that must go on exactly where it stopped. */
import type { OptimiserRecipe } from '../../preload/contract/recipe.js';
import type { Compute } from '../compute/compute.js';
import { Parameters } from '../model/parameters.js';
import { applyAdamWInPlace } from './adamw.js';
import type { Optimiser } from './sft.js';
import { zerosLike } from './working-set.js';

export interface AdamWState {
  readonly updates: number;
  readonly first: Parameters;
  readonly second: Parameters;
}

export class AdamW implements Optimiser {
  /** Its tensors belong to the optimiser; those of `restored` too, from now on. */
  private state: AdamWState;

  constructor(
    private readonly options: {
      readonly compute: Compute;
      /** Trained in place. Stays the caller's. */
      readonly parameters: Parameters;
      /** Its learning rate comes with each update. */
      readonly recipe: Omit<OptimiserRecipe, 'learning_rate'>;
    },
    restored: AdamWState | null = null,
  ) {
    const { parameters } = options;
    const moments = (): Parameters => new Parameters(parameters.specs, zerosLike(parameters));
    this.state = restored ?? { updates: 0, first: moments(), second: moments() };
  }

  get updates(): number {
    return this.state.updates;
  }

  /** `rate` is the learning rate itself. */
  update(gradients: Parameters['tensors'], { rate, gradientScale }: { rate: number; gradientScale: number }): void {
    const { compute, parameters, recipe } = this.options;
    const { updates, first, second } = this.state;
    const settings = {
      learningRate: rate,
      betas: recipe.betas,
      epsilon: recipe.epsilon,
      weightDecay: recipe.weight_decay,
      update: updates + 1,
      gradientScale,
    };
    applyAdamWInPlace(compute, { weights: parameters, first, second }, { gradients, settings });
    this.state = { ...this.state, updates: updates + 1 };
  }

  /** The live state: write it before the next update, which disposes these tensors. */
  current(): AdamWState {
    return this.state;
  }

  dispose(): void {
    this.state.first.dispose();
    this.state.second.dispose();
  }
}
