/** The routes of domains: what ships, and what a folder is. */
import { implement } from '@orpc/server';
import type { DomainDescription } from '../../../preload/contract/domain-file.js';
import { type DomainAbout, domainsContract } from '../../../preload/contract/domains.js';
import { checkFolder, faultText, findDomain, readDomain, shippedDomains } from '../../coevolution/domain-folder.js';
import { describeError, LabError } from '../../lib/errors.js';

const SHOWN_TOPICS = 20;

export function domainsRouter() {
  const os = implement(domainsContract);
  return os.router({
    list: os.list.handler(() => shippedDomains().map((name) => aboutOf(readDomain(name)))),
    look: os.look.handler(({ input: { domain } }) => {
      try {
        const { reference, folder } = findDomain(domain);
        const { description, faults } = checkFolder(folder);
        return description
          ? { valid: true, domain: aboutOf({ reference, description }) }
          : { valid: false, faults: faults.slice(0, 1000).map(faultText) };
      } catch (error) {
        if (!(error instanceof LabError)) throw error;
        return { valid: false, faults: [describeError(error)] };
      }
    }),
  });
}

export function aboutOf({
  reference,
  description,
}: {
  readonly reference: string;
  readonly description: DomainDescription;
}): DomainAbout {
  const { name, answers, question, prompts, topics, difficulty, topic, oracle, rewriting } = description;
  return {
    ...{ reference, shipped: shippedDomains().includes(reference), name, description: description.description },
    ...{ answers: answers.kind, form: question.form, chat: prompts.chat, difficulty, topic, oracle },
    topics: topics?.slice(0, SHOWN_TOPICS) ?? null,
    topicsTotal: topics?.length ?? 0,
    rewriting: rewriting !== null,
    example: exampleOf(description),
  };
}

/** The question in the domain's own example, by its tags. */
function exampleOf({ question: { opening, closing }, examples: { well_formed: example } }: DomainDescription): string {
  const end = example.lastIndexOf(closing);
  const start = example.lastIndexOf(opening, end);
  return end < 0 || start < 0 ? '' : example.slice(start + opening.length, end).trim();
}
