/** Where the engine reads a recipe's `model` from. */
export { modelFolder } from '../lib/model-place.js';
