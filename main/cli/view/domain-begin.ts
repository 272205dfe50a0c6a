/** How one begins with a domain, for the terminal: the recipes that go with it, a command, and what is to be changed first. Pure. */
import type { FittingRecipe } from '../../coevolution/domain-recipes.js';
import type { Unchanged } from '../../coevolution/domain-unchanged.js';

const GIVEN: Readonly<Record<FittingRecipe['open'][number], string>> = {
  model: 'FOLDER',
  'evaluation.benchmark': 'FILE.jsonl',
};

/** @param name the domain as one typed it */
export function beginText(name: string, recipes: readonly FittingRecipe[]): string[] {
  const [first] = recipes;
  if (!first) {
    return [
      'No shipped recipe asks for such questions and answers: copy the one that is nearest, and name this domain in it.',
    ];
  }
  const names = recipes.map((recipe) => recipe.name).join(', ');
  return [
    `${first.own ? 'Recipes that use it' : 'Recipes that fit it'}: ${names}. To begin:`,
    `  ${commandOf(name, first)}`,
    ...(first.open.includes('evaluation.benchmark')
      ? ['What it is measured with is yours to give: a file of questions and answers, or one of "rzero benchmark".']
      : []),
  ];
}

function commandOf(domain: string, { name, own, open }: FittingRecipe): string {
  const set = [...(own ? [] : [`domain=${domain}`]), ...open.map((key) => `${key}=${GIVEN[key]}`)];
  return ['rzero', 'run', name, ...set.flatMap((assignment) => ['--set', shellWord(assignment)])].join(' ');
}

/** As a shell takes it for one word. */
function shellWord(text: string): string {
  return /^[\w./~=@:,+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** "description, prompts.challenger and examples are still those of short-facts: …" */
export function unchangedText({ from, keys }: Unchanged): string {
  const list = keys.length === 1 ? keys.join() : `${keys.slice(0, -1).join(', ')} and ${keys.at(-1) ?? ''}`;
  return `${list} ${/ and |s$/.test(list) ? 'are' : 'is'} still as in ${from}: change what speaks of its field.`;
}
