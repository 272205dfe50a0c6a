/** Units that LaTeX writes with signs of its own, behind a number, as words. */
const NUMBER = String.raw`^([-+\d.,\s^{}()×]|\\(?:times|cdot|text|mathrm|rm|[,;:! ])|~)*\d[}\s]*`;
const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/\s*(?:~|\\[,;: ])*\s*(?:\\(?:text|mathrm)\s*\{[~\s]*)?(?:Å|\\AA|\\mathring\s*\{?A\}?)(?:\})?\s*$/, ' angstroms'],
  [/\s*(?:~|\\[,;: ])*\s*(?:\\(?:text|mathrm)\s*\{[~\s]*)?(?:\\Omega|Ω)(?:\})?\s*$/, ' ohms'],
  [
    /\s*(?:~|\\[,;: ])*\s*(?:\\(?:text|mathrm)\s*\{[~\s]*)?(?:\\mu|µ|μ)\s*(?:\\(?:text|mathrm|rm)\s*\{?)?\s*([msgAFCHVJW])\}?(?:\})?\s*$/,
    ' micro$1',
  ],
];
const IS_NUMBER = new RegExp(NUMBER);

export function withPlainUnits(text: string): string {
  if (!/Å|\\AA|\\mathring|\\Omega|Ω|\\mu|µ|μ/.test(text) || !IS_NUMBER.test(text)) return text;
  for (const [pattern, by] of SIGNS) {
    const cut = text.replace(pattern, by);
    if (
      cut !== text &&
      /^[-+\d.,\s^{}()×]*$/.test(cut.slice(0, cut.lastIndexOf(' ')).replace(/\\(?:times|cdot|[,;: ])|~|\$/g, ''))
    )
      return cut;
  }
  return text;
}
