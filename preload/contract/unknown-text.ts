/** Characters that a model's tokenizer does not know, in words. Pure. */
const MOST_SHOWN = 3;

/** "characters that this model's tokenizer does not know (such as 'w', 'é')" */
export function unknownText(characters: readonly string[]): string {
  // A space says less than a letter.
  const visible = [
    ...characters.filter((one) => !INVISIBLE.test(one)),
    ...characters.filter((one) => INVISIBLE.test(one)),
  ];
  return `characters that this model's tokenizer does not know (such as ${visible.slice(0, MOST_SHOWN).map(shown).join(', ')})`;
}

const INVISIBLE = /[\p{C}\p{Z}]/u;

function shown(character: string): string {
  if (character === ' ') return 'a space';
  if (character === '\n') return 'a line break';
  if (!INVISIBLE.test(character)) return `'${character}'`;
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
