/** Tasks about models as files: what one is, and one written out as a Hugging Face folder. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DescribedModel, TaskInput, TaskOutput } from '../../preload/contract/tasks.js';
import { openCompute } from '../compute/open.js';
import { LabError } from '../lib/errors.js';
import type { LanguageModel } from '../model/language-model.js';
import { saveAdapterFolder } from '../model/adapter-folder.js';
import { adapterOf, mergedNetwork } from '../model/lora-merge.js';
import type { WeightType } from '../model/weights.js';
import { cardText, licenceOf } from '../lib/licence.js';
import { checkWeights, describeModelFolder, saveModelFolder, weightBytes } from '../model/folder.js';
import { modelFolder } from './model-source.js';
import { openModel } from './open-model.js';

/** A longer card is cut: it is shown, not kept. */
const LONGEST_CARD = 100_000;

export async function describeTask({ model }: TaskInput<'describe'>): Promise<DescribedModel> {
  const folder = modelFolder(model);
  const { config, chatTemplate, origin, tokenizer, generation } = await describeModelFolder(folder);
  const weights = await checkWeights(folder, config);
  const card = await cardOf(folder);
  const [architecture] = Array.isArray(origin.config.architectures) ? origin.config.architectures.map(String) : [];
  const dtype = origin.config.dtype ?? origin.config.torch_dtype;
  return {
    architecture: architecture ?? config.family,
    parameters: weightBytes(config) / 4,
    layers: config.layers,
    hiddenSize: config.hiddenSize,
    heads: config.heads,
    kvHeads: config.kvHeads,
    vocabulary: config.vocabSize,
    positions: config.maxPositions,
    dtype: typeof dtype === 'string' ? dtype : null,
    chat: chatTemplate !== null,
    licence: card?.licence ?? null,
    card: card?.text ?? null,
    files: await filesOf(folder),
    memoryBytes: weightBytes(config),
    endTokens: generation.eosTokenIds.map((id) => ({ id, text: tokenizer.decode([id]) })),
    weights,
  };
}

export async function saveTask(input: TaskInput<'save'>): Promise<TaskOutput<'save'>> {
  const { folder, card, as } = input;
  if (await stat(folder).catch(() => null)) {
    throw new LabError('usage', `${folder} is already there.`, { remedy: 'Choose another name, or remove it first.' });
  }
  await openCompute('auto');
  const { model, base } = await openModel(input);
  if (as === 'adapter') await saveAdapter(folder, { model, base, card });
  else await saveWhole(folder, { model, as, card });
  const written = await filesOf(folder);
  return { folder, bytes: written.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** With its adapter, where it has one, merged into it. */
async function saveWhole(
  folder: string,
  { model, as, card }: { readonly model: LanguageModel; readonly as: WeightType; readonly card: string },
): Promise<void> {
  const files = new Map(model.origin.files).set('README.md', Buffer.from(card));
  const whole = { ...model, ...mergedNetwork(model), origin: { ...model.origin, files } };
  await saveModelFolder(folder, whole, as);
}

async function saveAdapter(
  folder: string,
  { model, base, card }: { readonly model: LanguageModel; readonly base: string; readonly card: string },
): Promise<void> {
  const { config, parameters } = model;
  if (config.lora === null) {
    throw new LabError('usage', 'This model has no adapter: all its weights were trained.', {
      remedy: 'Write it as a whole model, in float32 or bfloat16.',
    });
  }
  await saveAdapterFolder(folder, { lora: config.lora, adapter: adapterOf(config, parameters), base, card });
}

async function filesOf(folder: string): Promise<{ name: string; bytes: number }[]> {
  const names = (await readdir(folder)).sort();
  const files = await Promise.all(
    names.map(async (name) => {
      const found = await stat(join(folder, name)).catch(() => null);
      return found?.isFile() ? [{ name, bytes: found.size }] : [];
    }),
  );
  return files.flat();
}

/** The text of README.md, and what its head says of the licence. */
async function cardOf(folder: string): Promise<{ text: string; licence: string | null } | null> {
  const whole = await readFile(join(folder, 'README.md'), 'utf8').catch(() => null);
  if (whole === null) return null;
  return { text: cardText(whole).slice(0, LONGEST_CARD), licence: licenceOf(whole) };
}
