/**
 * What the roles of an executor have in common: shape, tokenizer, generator, and how a role's own weights are kept. Those
 * are all of the model's, or an adapter beside a frozen base that is in memory once.
 */
import type { LoraRecipe } from '../../preload/contract/recipe-lora.js';
import type { Compute } from '../compute/compute.js';
import { RandomKey } from '../lib/random.js';
import { readAdapter, writeAdapter } from '../model/adapter-file.js';
import { newAdapter } from '../model/adapter-init.js';
import { TextGenerator } from '../model/generate.js';
import type { LanguageModel } from '../model/language-model.js';
import { withAdapters } from '../model/lora.js';
import { joined, type Parameters, type Weights } from '../model/parameters.js';
import { readParameters, writeParameters } from '../model/weights.js';

export interface RoleMachinery {
  readonly compute: Compute;
  readonly generator: TextGenerator;
  /** Shape, tokenizer and template; with adapters, the shape of the network that has them. */
  readonly model: Omit<LanguageModel, 'parameters'>;
  /** What the roles share and nobody trains; null where all weights are a role's own. */
  readonly base: Parameters | null;
  /** Whether KL is measured from the start of the phase or from the base alone. */
  readonly reference: LoraRecipe['reference'];
  /** By which adapters leave inputs out while they learn; null without adapters. */
  readonly dropout: RandomKey | null;
  /** A whole network of a role's own weights. */
  readonly network: (own: Weights) => Weights;
  /** A role's own weights, and tensors of their shapes such as an optimiser's moments. */
  readonly read: (path: string) => Promise<Parameters>;
  readonly write: (path: string, own: Parameters) => Promise<number>;
  /** What the record is to say. */
  readonly notice: (message: string) => void;
}

export interface LoraWork {
  readonly recipe: LoraRecipe;
  /** Of the run: a new adapter is drawn by it. */
  readonly seed: number;
}

/** The machinery, and the weights that a role begins with: the model's own, or a new adapter beside them. */
export function machineryOf(
  compute: Compute,
  model: LanguageModel,
  { lora, notice }: { readonly lora: LoraWork | null; readonly notice: (message: string) => void },
): { readonly machinery: RoleMachinery; readonly first: Parameters } {
  const { parameters, ...description } = model;
  const config = lora === null ? model.config : withAdapters(model.config, lora.recipe);
  const generator = new TextGenerator(compute, config);
  const shared = { compute, generator, model: { ...description, config }, notice };
  if (lora === null) {
    const machinery: RoleMachinery = {
      ...shared,
      base: null,
      reference: 'phase',
      dropout: null,
      network: (own) => own,
      read: (path) => readParameters(path, config),
      write: (path, own) => writeParameters(path, config, { parameters: own }),
    };
    return { machinery, first: parameters };
  }
  const machinery: RoleMachinery = {
    ...shared,
    base: parameters,
    reference: lora.recipe.reference,
    dropout: RandomKey.of(lora.seed, 'lora.dropout'),
    network: (own) => joined(parameters, own),
    read: (path) => readAdapter(path, config),
    write: writeAdapter,
  };
  return { machinery, first: newAdapter(config, RandomKey.of(lora.seed, 'lora')) };
}
