/** What a study's table will have, before there is a run: its columns, and which rows are compared. */
import type { Recipe } from '../../preload/contract/recipe.js';
import { loadBenchmark } from '../benchmarks/benchmark.js';
import { columnsFor, type Measured } from './columns.js';
import type { StudyFamily } from './study.js';

export interface TableForecast {
  readonly columns: readonly string[];
  /** "R-Zero, iteration 1 − Base model" */
  readonly comparisons: readonly string[];
  /** In these columns. */
  readonly compared: readonly string[];
}

/** @throws LabError('not-found') where a benchmark is not there */
export async function forecastOf(family: StudyFamily, recipe: Recipe): Promise<TableForecast> {
  const columns = columnsFor(family.columns, await measuredWith(recipe));
  const { rows } = family.design(recipe);
  const titles = new Map(rows.map(({ key, title }) => [key, title]));
  return {
    columns: columns.map(({ title }) => title),
    comparisons: rows.flatMap(({ title, against }) => against.map((key) => `${title} − ${titles.get(key) ?? key}`)),
    compared: columns.filter(({ compared }) => compared).map(({ title }) => title),
  };
}

/** As a run measures: the guard's benchmark is for the guards alone. */
async function measuredWith({ evaluation: { benchmark, others, samples } }: Recipe): Promise<Measured[]> {
  const more = others.map(async (other): Promise<Measured> => {
    const loaded = await loadBenchmark(other.benchmark);
    return { benchmark: loaded.name, k: other.samples ?? loaded.samples ?? samples };
  });
  return [{ benchmark: (await loadBenchmark(benchmark)).name, k: samples }, ...(await Promise.all(more))];
}
