import type { Call } from '../../../kernel';
import { badRequest } from '../errors';
import { mappingsOf, ofDomains } from './shared';

/** What a custom domain leads to is not removed from under it. */
export async function refuseMapped(call: Call, apiId: string, stage?: string): Promise<void> {
  let NextToken: string | undefined;
  do {
    const page = await ofDomains(call, 'GetDomainNames', { NextToken });
    for (const { DomainName } of page.Items ?? []) {
      const mappings = await mappingsOf(call, DomainName);
      const used = mappings.find((one) => one.ApiId === apiId && (!stage || one.Stage === stage));
      if (!used) continue;
      throw badRequest(
        stage
          ? `Deleting stages failed. Please remove all base path mappings related to the stage in your domain: ${DomainName}/${used.ApiMappingKey}`
          : 'Please remove all base path mappings related to the API in your account before deleting this API.',
      );
    }
    NextToken = page.NextToken;
  } while (NextToken);
}
