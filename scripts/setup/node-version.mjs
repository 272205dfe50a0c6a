/** The first question of all. Written so that any Node with modules can parse it and say its one line. */
const MAJOR = 20;
const MINOR = 19;

/** @param {string} version @returns {string | null} what to do, or null when the version is fine */
export function nodeVersionProblem(version) {
  const parts = version.replace(/^v/, '').split('.').map(Number);
  const major = parts[0] ?? 0;
  const minor = parts[1] ?? 0;
  if (major > MAJOR || (major === MAJOR && minor >= MINOR)) return null;
  return `R-Zero Lab needs Node ${MAJOR}.${MINOR} or newer; this is ${version}. Install a current Node (https://nodejs.org) and start again.`;
}

export function requireNode() {
  const problem = nodeVersionProblem(process.version);
  if (problem === null) return;
  console.error(problem);
  process.exit(1);
}
