/** The public sets with which the paper measures (arXiv 2508.05004, section on evaluation), by name. */
import { aime2024, aime2025 } from './aime.js';
import { amc23 } from './amc-23.js';
import { bbeh } from './bbeh.js';
import { gsm8k } from './gsm8k.js';
import { math500 } from './math-500.js';
import { minervaMath } from './minerva-math.js';
import { mmluPro } from './mmlu-pro.js';
import { olympiadbench } from './olympiadbench.js';
import type { BenchmarkSet, HubSource } from './set.js';
import { superGpqa } from './supergpqa.js';

export const BENCHMARK_SETS: readonly BenchmarkSet[] = [
  gsm8k,
  math500,
  amc23,
  minervaMath,
  olympiadbench,
  aime2024,
  aime2025,
  mmluPro,
  superGpqa,
  bbeh,
];

/** Whatever its case and hyphens: MATH500 is math-500. */
export function setNamed(name: string): BenchmarkSet | null {
  const bare = (text: string): string => text.toLowerCase().replace(/[-_ ]/g, '');
  return BENCHMARK_SETS.find((set) => bare(set.name) === bare(name)) ?? null;
}

/** The set that lies in a repository of the hub, where that is known. */
export function setOfHubId(id: string): { readonly set: BenchmarkSet; readonly source: HubSource } | null {
  for (const set of BENCHMARK_SETS) {
    const source = set.sources.find((one) => one.id.toLowerCase() === id.toLowerCase());
    if (source) return { set, source };
  }
  return null;
}
