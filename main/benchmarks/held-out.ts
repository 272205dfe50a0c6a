/**
 * Tells benchmark questions, which are kept out of everything that trains: pre-training text, Challenger updates, curricula. A
 * question is a benchmark's when it is one in normal form, or a rewritten form of one where the domain knows rewriting.
 * Those that are only nearly one are found in contamination.ts.
 */
import type { Domain } from '../domains/domain.js';
import type { Benchmark } from './benchmark.js';

type HeldOutDomain = Pick<Domain, 'name' | 'normaliseQuestion' | 'rewriteClass'>;

function formOf(domain: HeldOutDomain, question: string): string {
  return domain.rewriteClass?.(question) ?? domain.normaliseQuestion(question);
}

/** The forms of all questions of these benchmarks. */
function heldOutQuestions(domain: HeldOutDomain, benchmarks: readonly Benchmark[]): ReadonlySet<string> {
  return new Set(benchmarks.flatMap(({ questions }) => questions.map(({ question }) => formOf(domain, question))));
}

/** Whether a question belongs to one of these, and to no other. */
export function filterOf(domain: HeldOutDomain, benchmarks: readonly Benchmark[]): (question: string) => boolean {
  const forms = heldOutQuestions(domain, benchmarks);
  return (question) => forms.has(formOf(domain, question));
}
