/** How cost grows: cost = c · size^p, p by least squares on logarithms, with its 95 % interval (Student's t). */
export interface Growth {
  readonly exponent: number;
  /** Half the width of the interval; null with fewer than three points. */
  readonly within: number | null;
}

/** 97.5 % points of Student's t for 1 to 8 degrees of freedom. */
const STUDENT = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306];

export function growthOf(points: readonly (readonly [size: number, cost: number])[]): Growth {
  const logs = points.map(([size, cost]) => [Math.log(size), Math.log(cost)] as const);
  const mean = (at: 0 | 1): number => logs.reduce((sum, point) => sum + point[at], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  const spreadOfX = logs.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
  const exponent = logs.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0) / spreadOfX;
  const freedom = logs.length - 2;
  if (freedom < 1) return { exponent, within: null };
  const residual = logs.reduce((sum, point) => sum + (point[1] - y - exponent * (point[0] - x)) ** 2, 0);
  const student = STUDENT[Math.min(freedom, STUDENT.length) - 1] as number;
  return { exponent, within: student * Math.sqrt(residual / freedom / spreadOfX) };
}
