import { AwsError, type Call } from '../../kernel';
import { stateOf } from './store';

interface Granted {
  GrantTokens?: string[] | undefined;
}

/**
 * Grants count here as soon as they are made, so that nobody needs their tokens; one that stands for no grant is
 * refused nevertheless. https://docs.aws.amazon.com/kms/latest/developerguide/using-grant-token.html
 */
export function withTokens<I extends Granted, O>(operation: (input: I, call: Call) => O) {
  return (input: I, call: Call): O => {
    if (input.GrantTokens?.length) checkTokens(call, input.GrantTokens);
    return operation(input, call);
  };
}

function checkTokens(call: Call, tokens: readonly string[]): void {
  const known = new Set([...stateOf(call).grants.values()].map(({ token }) => token));
  if (!tokens.every((token) => known.has(token))) throw new AwsError('InvalidGrantTokenException', '');
}
