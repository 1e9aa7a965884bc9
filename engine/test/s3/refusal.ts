import type { S3ServiceException } from '@aws-sdk/client-s3';

/** What a refused request was answered: the error's members, and the status. */
export async function refusal(request: Promise<unknown>): Promise<Record<string, unknown>> {
  try {
    await request;
  } catch (error) {
    const refused = error as S3ServiceException;
    return {
      ...refused,
      name: refused.name,
      Code: refused.name,
      message: refused.message,
      status: refused.$metadata?.httpStatusCode,
    };
  }
  throw new Error('the request was not refused');
}
