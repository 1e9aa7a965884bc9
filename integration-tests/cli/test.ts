import { runOn } from '../support/run-on';
import { chosenTarget } from '../targets';
import { testArguments } from './arguments';
import { endWith } from './end';
import { interruption } from './interruption';

/** `npm run test:integration -- [--target NAME] [--yes ACCOUNT] [jest's own arguments]` */
async function test(interrupted: AbortSignal): Promise<number> {
  const { target, yes, jest } = testArguments(process.argv.slice(2), process.env);
  return runOn(await chosenTarget(target, { yes }), jest, interrupted);
}

const interrupted = interruption();
void endWith(test(interrupted), interrupted);
