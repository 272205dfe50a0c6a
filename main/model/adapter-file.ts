/**
 * Adapter weights as a safetensors file with PEFT's names: `base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight`
 * (r, in) and `….lora_B.weight` (out, r), the transposes of what is in memory. Values are kept bit for bit.
 */
import * as tf from '@tensorflow/tfjs-core';
import { LabError } from '../lib/errors.js';
import type { ModelConfig } from './config.js';
import { adapterSpecs } from './lora.js';
import { Parameters, type ParameterSpec } from './parameters.js';
import { closeAll, openTensors, writeTensors, type TensorSource } from './safetensors.js';

/** PEFT's name of an adapter tensor, and its shape in the file. */
function placeOf({ name, shape }: ParameterSpec): { name: string; shape: [number, number] } {
  const [, layer, target, factor] = /^layers\.(\d+)\.(\w+)\.lora([AB])$/.exec(name) as unknown as string[];
  const block = /^[qkvo]_proj$/.test(target as string) ? 'self_attn' : 'mlp';
  const [rows, columns] = shape as [number, number];
  return {
    name: `base_model.model.model.layers.${layer}.${block}.${target}.lora_${factor}.weight`,
    shape: [columns, rows],
  };
}

/** Reads the adapter of a network of this shape. @throws LabError('model') where the file holds another. */
export async function readAdapter(path: string, c: ModelConfig): Promise<Parameters> {
  const { tensors, files } = await openTensors(path);
  const made: tf.Tensor[] = [];
  try {
    const specs = adapterSpecs(c);
    const places = specs.map(placeOf);
    checkPlaces(path, places, tensors);
    for (const { name, shape } of places) {
      const source = tensors.get(name) as TensorSource;
      const values = await source.file.read(source);
      made.push(tf.tidy(() => tf.transpose(tf.tensor2d(values, shape))));
    }
    return new Parameters(specs, made);
  } catch (error) {
    tf.dispose(made);
    throw error;
  } finally {
    await closeAll(files);
  }
}

/** Writes tensors of an adapter's shapes: its weights, or an optimiser's moments. Returns the file's bytes. */
export function writeAdapter(path: string, adapter: Parameters): Promise<number> {
  return writeTensors(
    path,
    adapter.specs.map((spec, at) => ({
      ...placeOf(spec),
      values: async () => {
        const turned = tf.tidy(() => tf.transpose(adapter.tensors[at] as tf.Tensor));
        try {
          return await turned.data<'float32'>();
        } finally {
          turned.dispose();
        }
      },
    })),
  );
}

function checkPlaces(
  path: string,
  places: readonly { readonly name: string; readonly shape: readonly number[] }[],
  tensors: ReadonlyMap<string, TensorSource>,
): void {
  const fail = (what: string): never => {
    throw new LabError('model', `${path} is not an adapter of this model: ${what}.`, {
      remedy: 'Use the adapter with its own adapter_config.json, on the base model that it was trained on.',
    });
  };
  for (const { name, shape } of places) {
    const found = tensors.get(name) ?? fail(`tensor "${name}" is missing`);
    if (found.shape.join() !== shape.join())
      fail(`tensor "${name}" has shape [${found.shape.join(', ')}], expected [${shape.join(', ')}]`);
  }
  const known = new Set(places.map(({ name }) => name));
  const surplus = [...tensors.keys()].find((name) => !known.has(name));
  if (surplus !== undefined) fail(`tensor "${surplus}" is of no layer and matrix that it names`);
}
