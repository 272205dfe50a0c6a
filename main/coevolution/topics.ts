/** What a question is to be about, where a domain draws topics: keyed like every draw, so that it never depends on what came before. */
import type { Domain } from '../domains/domain.js';
import type { RandomKey } from '../lib/random.js';

/** Each topic as likely as any other; null where the domain asks for all questions with the same prompt. */
export function drawTopic({ topics }: Pick<Domain, 'topics'>, key: RandomKey): string | null {
  if (topics === null) return null;
  return topics[key.stream().int(topics.length)] ?? null;
}
