/** What a domain of one's own still says in the words of the shipped one it was copied from. */
import type { DomainDescription } from '../../preload/contract/domain-file.js';
import { readDomain, shippedDomains } from './domain-folder.js';

export interface Unchanged {
  /** The shipped domain. */
  readonly from: string;
  /** The keys of domain.yaml that hold its texts. */
  readonly keys: readonly string[];
}

/** Texts that tell what questions are about; how the Solver is asked often stays. */
const TEXTS: Readonly<Record<string, (description: DomainDescription) => unknown>> = {
  description: ({ description }) => description,
  'prompts.challenger': ({ prompts }) => prompts.challenger,
  examples: ({ examples }) => examples,
  topics: ({ topics }) => topics,
};

/** Null for a shipped domain, and where nothing is as it was in any. */
export function unchangedSince(reference: string, description: DomainDescription): Unchanged | null {
  const shipped = shippedDomains();
  if (shipped.includes(reference)) return null;
  const found = shipped.map((from): Unchanged => {
    const other = readDomain(from).description;
    const same = (of: (description: DomainDescription) => unknown): boolean =>
      of(other) !== null && JSON.stringify(of(other)) === JSON.stringify(of(description));
    return { from, keys: Object.keys(TEXTS).filter((key) => same(TEXTS[key] as (typeof TEXTS)[string])) };
  });
  const [nearest] = found.sort((a, b) => b.keys.length - a.keys.length);
  return nearest && nearest.keys.length > 0 ? nearest : null;
}
