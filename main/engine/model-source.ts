/** Where the engine reads a recipe's `model` from. */
export { isHubModelHere, modelFolder } from '../hub/model-place.js';
