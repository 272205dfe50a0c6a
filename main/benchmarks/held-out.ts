/**
 * Keeps benchmark questions out of everything that trains: pre-training text, Challenger updates, curricula. A question
 * counts as a benchmark's when it is one in normal form, or a rewritten form of one where the domain knows rewriting.
 */
import type { Domain } from '../domains/domain.js';
import { type Benchmark, loadShipped } from './benchmark.js';
import { shippedBenchmarks } from './find.js';

type HeldOutDomain = Pick<Domain, 'name' | 'normaliseQuestion' | 'rewriteClass'>;

function formOf(domain: HeldOutDomain, question: string): string {
  return domain.rewriteClass?.(question) ?? domain.normaliseQuestion(question);
}

/** The forms of all questions of these benchmarks; without a list, of all that ship. */
export function heldOutQuestions(
  domain: HeldOutDomain,
  benchmarks: readonly Benchmark[] = shippedBenchmarks().map(loadShipped),
): ReadonlySet<string> {
  return new Set(benchmarks.flatMap(({ questions }) => questions.map(({ question }) => formOf(domain, question))));
}

/** Whether a question belongs to a benchmark that ships or to one of `others` (a run's own file). */
export function heldOutFilter(domain: HeldOutDomain, others: readonly Benchmark[] = []): (question: string) => boolean {
  return filterOf(domain, [...shippedBenchmarks().map(loadShipped), ...others]);
}

/** Whether a question belongs to one of these, and to no other. */
export function filterOf(domain: HeldOutDomain, benchmarks: readonly Benchmark[]): (question: string) => boolean {
  const forms = heldOutQuestions(domain, benchmarks);
  return (question) => forms.has(formOf(domain, question));
}

const filters = new Map<string, (question: string) => boolean>();

/** Whether a question belongs to a benchmark that ships. The files are read once per domain. */
export function isHeldOut(domain: HeldOutDomain, question: string): boolean {
  let filter = filters.get(domain.name);
  if (!filter) {
    filter = heldOutFilter(domain);
    filters.set(domain.name, filter);
  }
  return filter(question);
}
