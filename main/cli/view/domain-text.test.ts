import { describe, expect, it } from 'vitest';
import { readDomain } from '../../coevolution/domain-folder.js';
import { domainOf } from '../../domains/index.js';
import { domainRows, domainText, readingOf, readingText } from './domain-text.js';

const found = (name: string) => readDomain(name);
const shown = (name: string): string => {
  const record = found(name);
  return domainText(record, domainOf(record.description)).join('\n');
};

describe('a domain in the terminal', () => {
  // Would catch: prompts shown otherwise than models are given them, or a topic that stays a placeholder.
  it('shows what a chat model and a base model are given, with a topic in its place', () => {
    const text = shown('short-facts');
    expect(text).toContain('message of the system:');
    expect(text).toContain('about this topic: anatomy of the worker bee');
    expect(text).not.toContain('{{topic}}');
    expect(text.match(/The Challenger of a base model:/g)).toHaveLength(1);
    expect(shown('chains')).toContain('The Challenger is given, as it is:\n  │ <bos><gen>');
    expect(domainRows([found('short-facts')]).at(-1)).toMatch(/^short-facts\s+text\s+50\s+Short factual/);
  });

  // Would catch: an example that is said to be well formed and is not read, or the other way round.
  it.each(['chains', 'math', 'multiple-choice', 'short-facts'])('shows its examples as they are read: %s', (name) => {
    expect(shown(name).match(/As the Challenger's: a well-formed question\./g)).toHaveLength(1);
    expect(shown(name).match(/As the Challenger's: malformed, /g)).toHaveLength(1);
  });
});

it('says what a domain makes of a completion, for either role', () => {
  const domain = domainOf(found('math').description);
  const text = (completion: string): string => readingText(readingOf(domain, completion)).join('\n');
  expect(text('<question>\nWhat is 1+1?\n</question>\n\\boxed{2.0}\n')).toMatch(
    /well-formed question[^]*question\s+What is 1\+1\?\n\s+own answer\s+2\.0[^]*As the Solver's:\n\s+answer\s+2\.0\n\s+compared as\s+2/,
  );
  expect(text('no idea')).toBe(
    "As the Challenger's: malformed, no question tags.\n\nAs the Solver's: no final answer.",
  );
});
