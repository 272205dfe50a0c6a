/**
 * What is known of a run before it is made. Every figure is an estimate that says what it rests on; a blocker is what would
 * make the run fail, a warning what its owner will want to know.
 */
import type { Preflight } from '../../../preload/contract/preflight.js';
import type { Recipe } from '../../../preload/contract/recipe.js';
import type { BackendChoice } from '../../../preload/contract/runs.js';
import { findBenchmark, unknownBenchmark } from '../../benchmarks/find.js';
import { availableMemory } from '../../lib/available-memory.js';
import { describeError } from '../../lib/errors.js';
import { freeBytes } from '../../store/durable.js';
import type { Lab } from '../lab.js';
import type { Card } from '../machine/gpu.js';
import { adapterFaults } from './adapters.js';
import type { BackendProbe, Probed } from './backend-probe.js';
import { dataFaults } from './data.js';
import { diskParts } from './disk.js';
import { cardMemory, type CardMemory } from './graphics-card.js';
import { heldBytes, memoryParts, type Part, roleBytes, sizeText, totalBytes } from './memory.js';
import { readModelShape, type ModelShape } from './model-shape.js';
import { rolloutFaults } from './rollouts.js';
import type { Foreteller } from './foreteller.js';
import { foretoldTime, timeEstimate } from './time.js';
import { whatWouldFit } from './what-would-fit.js';

export interface PreflightWish {
  readonly recipe: Recipe;
  readonly backend: BackendChoice;
  /** How many runs of it are to be made. */
  readonly runs: number;
  /** Whether the model may be loaded and measured, for the time it takes. */
  readonly measure?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (done: number, total: number) => void;
}

/** How the machine is looked at. */
export interface Look {
  readonly probe: Pick<BackendProbe, 'ask'>;
  readonly foreteller: Pick<Foreteller, 'known' | 'measure'>;
  readonly cards: () => Promise<readonly Card[] | null>;
}

export async function preflight(
  lab: Pick<Lab, 'ask' | 'baseModel' | 'dataDir' | 'rolloutsKey' | 'runs'>,
  look: Look,
  { recipe, backend, runs, measure = false, ...how }: PreflightWish,
): Promise<Preflight> {
  const probed = await look.probe.ask(backend);
  const card = await cardOf(probed, look);
  const servers = await rolloutFaults(lab, recipe);
  const blockers: string[] = [...missingBenchmarks(recipe), ...(await dataFaults(recipe)), ...servers.blockers];
  const warnings: string[] = [...servers.warnings];
  let shape: ModelShape | null = null;
  let { model } = recipe;
  try {
    model = lab.baseModel(recipe);
    shape = readModelShape(model);
  } catch (error) {
    blockers.push(describeError(error));
  }
  if (!probed.works) blockers.push(`The backend does not start: ${probed.why}`);
  blockers.push(...adapterFaults(recipe, { shape, backend: probed.works ? probed.found.backend : null }));
  const memory = shape && memoryOf(shape, recipe, { card, warnings, blockers });
  const disk = shape && diskOf(shape, recipe, { free: freeBytes(lab.dataDir), runs, warnings, blockers });
  const busy = lab.runs().filter((run) => run.state === 'running');
  if (busy.length > 0)
    warnings.push(
      `${busy.map(({ name }) => name).join(', ')} ${busy.length > 1 ? 'are' : 'is'} running. Started beside it, both are slower and share the memory; in the queue this one waits.`,
    );
  const earlier = await lab.ask('runs.phaseTimes', { model, domain: recipe.domain });
  // What would not run is not worth measuring.
  const foretold =
    measure && blockers.length === 0
      ? await look.foreteller.measure(recipe, backend, how)
      : look.foreteller.known(recipe, backend);
  return {
    backend: backendText(probed, backend),
    memory,
    disk,
    time: foretold
      ? foretoldTime(recipe, foretold)
      : timeEstimate(recipe, earlier, probed.works ? probed.found.backend : null),
    warnings,
    blockers,
  };
}

function backendText(probed: Probed, choice: BackendChoice): Preflight['backend'] {
  if (!probed.works) return { expected: null, why: probed.why };
  const { description, passedOver } = probed.found;
  const reasons = passedOver.map(({ backend, reason }) => `Not on ${backend}: ${reason}`);
  const chosen = choice === 'auto' ? 'The fastest that works here.' : 'As chosen.';
  return { expected: description, why: [chosen, ...reasons].join(' ') };
}

interface Findings {
  readonly warnings: string[];
  readonly blockers: string[];
}

/** The memory of the graphics card that would compute; null where the weights lie in that of the machine. */
async function cardOf(probed: Probed, { cards }: Look): Promise<CardMemory | null> {
  if (!probed.works || probed.found.hostMemory) return null;
  const { backend, description } = probed.found;
  return cardMemory({ backend, description, cards: await cards(), visible: process.env.CUDA_VISIBLE_DEVICES });
}

function memoryOf(
  shape: ModelShape,
  recipe: Recipe,
  { card, warnings, blockers }: Findings & { readonly card: CardMemory | null },
): Preflight['memory'] {
  const usesHostMemory = card === null;
  if (card?.known === false) {
    const parts = memoryParts(shape, recipe, { available: null, usesHostMemory });
    const told = `How much memory the graphics card has is not known: ${card.why}.`;
    warnings.push(`${told} The run may need ${sizeText(totalBytes(parts))} of it.`);
    return { needed: totalBytes(parts), available: null, card: 'the graphics card', parts };
  }
  const [available, where] = card ? [card.free, ` on ${card.name}`] : [availableMemory(), ''];
  const place = { available, usesHostMemory };
  const parts = memoryParts(shape, recipe, place);
  const needed = totalBytes(parts);
  const weights = heldBytes(shape, recipe);
  const free = `${sizeText(available)} is free${where}`;
  if (weights > available)
    blockers.push(
      `The weights alone need ${sizeText(weights)} of memory, ${free}. ${whatWouldFit(shape, recipe, place)}`,
    );
  else if (needed > available)
    warnings.push(`It may need ${sizeText(needed)} of memory, ${free}. ${whatWouldFit(shape, recipe, place)}`);
  return { needed, available, card: card?.name ?? null, parts };
}

function diskOf(
  shape: ModelShape,
  recipe: Recipe,
  { free, runs, warnings, blockers }: Findings & { readonly free: number | null; readonly runs: number },
): Preflight['disk'] {
  const parts = diskParts(recipe, { weights: roleBytes(shape, recipe), vocabulary: shape.vocabSize }).map(
    ({ what, bytes }): Part => ({ what, bytes: runs * bytes }),
  );
  const needed = totalBytes(parts);
  if (free === null) return null;
  if (needed > free)
    blockers.push(
      `It may write ${sizeText(needed)}, ${sizeText(free)} is free. Make room, or prune checkpoints of earlier runs.`,
    );
  else if (needed > free / 2)
    warnings.push(`It may write ${sizeText(needed)}, more than half of the ${sizeText(free)} free.`);
  return { needed, free, parts };
}

function missingBenchmarks({ evaluation }: Recipe): string[] {
  const others = evaluation.others.map(({ benchmark }) => benchmark);
  const named = [evaluation.benchmark, evaluation.guard_benchmark, ...others].filter((name) => name !== null);
  return [...new Set(named)]
    .filter((name) => findBenchmark(name) === null)
    .map((name) => describeError(unknownBenchmark(name)));
}
