/** Where the trained weights of a network stand among its tensors and their gradients: all of them, or the adapter's. */
import type { ModelConfig } from '../model/config.js';
import { layerAdapterSpecs } from '../model/lora.js';
import { layerParameters, parameterCount } from '../model/parameters.js';

export interface TrainedPlaces {
  /** Tensors of a layer, and how many of them, the last ones, are trained. */
  readonly layer: number;
  readonly trained: number;
  /** Index of a layer's first gradient. */
  readonly firstOf: (layer: number) => number;
  /** Indices of the gradients of embedding, final norm and output matrix; null where these are frozen. */
  readonly outer: { readonly embed: number; readonly finalNorm: number; readonly head: number } | null;
}

export function trainedPlaces(c: ModelConfig): TrainedPlaces {
  const layer = layerParameters(c).length;
  if (c.lora !== null) {
    const trained = layerAdapterSpecs(c).length;
    return { layer: layer + trained, trained, firstOf: (index) => index * trained, outer: null };
  }
  const finalNorm = 1 + c.layers * layer;
  return {
    layer,
    trained: layer,
    firstOf: (index) => 1 + index * layer,
    outer: { embed: 0, finalNorm, head: c.tieWordEmbeddings ? 0 : finalNorm + 1 },
  };
}

/** The network that so many tensors are: with its adapter, or the base alone. */
export function networkOf(c: ModelConfig, tensors: number): ModelConfig {
  return c.lora !== null && tensors === parameterCount(c) ? { ...c, lora: null } : c;
}
