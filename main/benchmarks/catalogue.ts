/** Every benchmark that can be named, for lists: what is on this machine, and the public sets that can be fetched. */
import type { AnswerKind } from '../../preload/contract/answers.js';
import { graderOf } from '../grading/grader.js';
import { type BenchmarkQuestion, loadShipped, readBenchmark } from './benchmark.js';
import { cachedSet, findBenchmark, shippedBenchmarks } from './find.js';
import type { BenchmarkSet } from './sets/set.js';
import { BENCHMARK_SETS } from './sets/sets.js';
import { originOf } from './shelf/manifest.js';
import { shelved } from './shelf/shelf.js';

export interface CatalogueEntry {
  readonly name: string;
  /** Of a set that is not here: how many it is known with. */
  readonly questions: number;
  /** Null: as the run's domain reads answers. */
  readonly answers: AnswerKind | null;
  /** k of mean@k; null: as the recipe says. */
  readonly samples: number | null;
  /** Where it came from, or where it would come from. */
  readonly from: string;
  /** `cache`: in that of Hugging Face's programs, usable from there. */
  readonly here: 'ships' | 'yes' | 'cache' | 'no';
}

export function benchmarkCatalogue(): CatalogueEntry[] {
  const ships = shippedBenchmarks().map((name): CatalogueEntry => {
    const { questions, answers, samples } = loadShipped(name);
    return { name, questions: questions.length, answers, samples, from: 'this program', here: 'ships' };
  });
  const kept = shelved();
  const sets = BENCHMARK_SETS.filter(({ name }) => !kept.some((one) => one.name === name)).map(
    (set): CatalogueEntry => {
      const { name, answers, samples, sources, counts } = set;
      const here = cachedSet(set, sources) ? 'cache' : 'no';
      return { name, questions: counts[0] ?? 0, answers, samples, from: sources[0]?.id ?? '', here };
    },
  );
  const own = kept.map((one): CatalogueEntry => {
    const { name, questions, answers, samples } = one;
    return { name, questions, answers, samples, from: originOf(one), here: 'yes' };
  });
  return [...ships, ...own, ...sets];
}

/** What is in a benchmark, with a few of its questions. */
export interface BenchmarkLook {
  readonly name: string;
  /** Its public set, where it is one. */
  readonly set: string | null;
  readonly title: string | null;
  /** It has the columns of its set, and did not come from where that is published. */
  readonly ownFile: boolean;
  /** Of the set as it is published: a file of one's own is under whatever its owner says. */
  readonly licence: string | null;
  readonly answers: AnswerKind | null;
  readonly rule: 'bbeh' | null;
  readonly samples: number | null;
  /** How true answers were read from the file. */
  readonly reading: string;
  readonly questions: number;
  /** How many questions there are of each subject, most first. */
  readonly subjects: readonly { readonly subject: string; readonly questions: number }[];
  /** `compared`: the answer in the form in which it is compared; null where the domain of a run decides that. */
  readonly shown: readonly (BenchmarkQuestion & { readonly compared: string | null })[];
}

/** Whether its files are those of the set's own repositories. */
function isPublished(reference: string, { sources }: BenchmarkSet): boolean {
  const found = findBenchmark(reference);
  if (found?.kind !== 'shelf') return found?.kind === 'cache';
  const { from } = found.manifest;
  return from.kind === 'hub' && sources.some(({ id }) => id === from.id);
}

/** Reads a benchmark whole. The questions shown are spread over it. */
export async function lookInto(reference: string, rows: number): Promise<BenchmarkLook> {
  const { name, read } = await readBenchmark(reference);
  const { set, answers, rule = null, samples, reading, questions } = read;
  const published = set !== null && isPublished(reference, set);
  const counts = new Map<string, number>();
  for (const { subject } of questions) if (subject !== undefined) counts.set(subject, (counts.get(subject) ?? 0) + 1);
  const few = Math.min(rows, questions.length);
  const chosen = Array.from({ length: few }, (_, i) => questions[Math.floor((i * questions.length) / few)]);
  const compared = (answer: string): string | null =>
    answers === null || rule !== null ? null : graderOf(answers).canonical(answer);
  return {
    ...{ name, set: set?.name ?? null, title: set?.title ?? null },
    ...{ ownFile: !published, licence: published ? (set?.licence ?? null) : null },
    ...{ answers, rule, samples, reading, questions: questions.length },
    subjects: [...counts].map(([subject, n]) => ({ subject, questions: n })).sort((a, b) => b.questions - a.questions),
    shown: chosen.flatMap((question) => (question ? [{ ...question, compared: compared(question.answer) }] : [])),
  };
}
