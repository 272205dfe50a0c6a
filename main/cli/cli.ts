/** Entry of the command `rzero`. Only commander is loaded here: what a command needs is loaded when it runs. */
import { finish, handleBrokenPipe } from './exit.js';
import { runProgram } from './program.js';

handleBrokenPipe();
finish(await runProgram(process.argv.slice(2)));
