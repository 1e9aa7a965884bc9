import type { CancellationReason } from '@aws-sdk/client-dynamodb';
import { AwsError } from '../../../kernel';

export interface Reason extends CancellationReason {
  Code: 'None' | 'ConditionalCheckFailed' | 'ValidationError' | 'DuplicateItem';
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html#API_TransactWriteItems_Errors */
export function cancelled(reasons: readonly Reason[]): AwsError {
  const codes = reasons.map((reason) => reason.Code).join(', ');
  return new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { members: { CancellationReasons: reasons } },
  );
}
