/** The colours of the charts, light and dark. Challenger and Solver have theirs everywhere; style.css holds the same values. */
export interface Palette {
  readonly challenger: string;
  readonly solver: string;
  readonly held: string;
  readonly label: string;
  readonly text: string;
  readonly faint: string;
  readonly line: string;
  readonly surface: string;
}

export const LIGHT: Palette = {
  challenger: '#a8347d',
  solver: '#0b6e8f',
  held: '#2c6e3f',
  label: '#8a5a00',
  text: '#1d2328',
  faint: '#5b656d',
  line: '#dfe3e1',
  surface: '#ffffff',
};

export const DARK: Palette = {
  challenger: '#ee8cc9',
  solver: '#6cc6e4',
  held: '#86cf97',
  label: '#e5b454',
  text: '#e6e9e8',
  faint: '#9aa5ab',
  line: '#30363b',
  surface: '#1b1f23',
};
